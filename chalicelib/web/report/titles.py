"""What stands over the rows of a figure, whom or what they are of, and over their columns; and the words for
what they hold."""

from datetime import date

from chalicelib.domain.figures_kinds import Figure, Figures
from chalicelib.web.i18n import LONG_DAYS, N_, Words
from chalicelib.web.reading import label
from chalicelib.web.render import handle
from chalicelib.web.report.pieces import month_name, quoted

FAMILIES = {
    "complaints-to-": N_("Complaints: %(name)s"),
    "complaints-on-": N_("Complaints: %(name)s"),
    "late-at-": N_("Not answered in time: %(name)s"),
    "handed-": N_("Handed over: %(name)s"),
    "handedhalf-": N_("How long it waited before it was handed over: %(name)s"),
    "handedlongest-": N_("Waited longest before it was handed over: %(name)s"),
    "goal-": N_("Goal: %(name)s"),
    "paid-by-": N_("Paid for %(name)s"),
    "goalreach-": N_("Goal: %(name)s, reach"),
    "goalreactions-": N_("Goal: %(name)s, reactions"),
    "goalreplies-": N_("Goal: %(name)s, replies"),
    "followers-": N_("Followers: %(name)s"),
    "firstfollowers-": N_("Followers at first: %(name)s"),
    "wefollow-": N_("We follow: %(name)s"),
    "voice-of-": N_("Said of %(name)s"),
    "topic-": N_("Topic: %(name)s"),
    "fan-": N_("Glad messages: %(name)s"),
    "fanshared-": N_("Passed on: %(name)s"),
    "fanall-": N_("All messages: %(name)s"),
    "story-": N_("Story %(name)s"),
    "storycopies-": N_("Story %(name)s: its copies on other sites"),
    "storyreach-": N_("Story %(name)s: authors whose followers are known"),
    "month-": N_("What the report of %(name)s said"),
    "peak-": N_("Peak of %(name)s"),
}
"""What figures of one kind are called, by how their names begin."""
WAYS = {"boost": N_("boost"), "quote": N_("quote")}
"""What a row of what left is, where it is no message of its own."""
HEADS = {
    "mentions": (N_("When"), N_("Network"), N_("Who"), N_("Text"), N_("Feeling"), N_("Department")),
    "copies": (N_("When"), N_("Site"), N_("Who"), N_("Text")),
    "cases": (
        N_("Received"),
        N_("Network"),
        N_("Who"),
        N_("Case"),
        N_("Department"),
        N_("Due"),
        N_("Answered"),
    ),
    "handovers": (
        N_("Handed over"),
        N_("Case"),
        N_("From department"),
        N_("To department"),
        N_("Waited since"),
        N_("Waited"),
        N_("Why"),
    ),
    "deliveries": (
        N_("When"),
        N_("Channel"),
        N_("Post"),
        N_("State"),
        N_("Reach"),
        N_("Reactions"),
        N_("Replies"),
        N_("Counted after"),
    ),
    "following": (N_("Day"), N_("Channel"), N_("Followers"), N_("Following")),
    "sources": (
        N_("Source"),
        N_("Network"),
        N_("Last heard"),
        N_("Failing since"),
        N_("Reason"),
        N_("Failed for a time"),
    ),
    "earlier": (
        N_("Month"),
        N_("Mentions"),
        N_("Positive"),
        N_("Negative"),
        N_("Reach"),
        N_("Reactions"),
        N_("Posts"),
        N_("Left on their moment"),
        N_("Cases"),
        N_("Answered on time"),
    ),
    "rates": (N_("What"), N_("US$ a month"), N_("US$ each")),
    "deeds": (N_("Day"), N_("Deed"), N_("Network"), N_("Who"), N_("State"), N_("By")),
}
HEADS["costs"] = (
    N_("Month"),
    N_("Network"),
    N_("Source"),
    N_("Watch"),
    N_("Department"),
    N_("What for"),
    "US$",
)
PAID = {
    "read": N_("Messages read"),
    "sent": N_("Answers and posts"),
    "draft": N_("Drafts of a model"),
    "opinion": N_("Second opinions of a model"),
    "lost": N_("No answer came"),
}
HEADS["beside"] = HEADS["mentions"]
HEADS["held"] = (N_("When"), N_("Network"), N_("Who"), N_("What"), N_("Held"))
WHY_HELD = {"noise": N_("by a rule"), "blocked": N_("blocked"), "muted": N_("while muted")}
"""By `mention.why_held`."""
STATES = {
    "planned": N_("Planned"),
    "claimed": N_("Being sent"),
    "sent": N_("Sent"),
    "confirmed": N_("Confirmed"),
    "failed": N_("Failed"),
    "unknown": N_("Unknown"),
    "held": N_("Held"),
    "cancelled": N_("Cancelled"),
    "removing": N_("Being removed"),
    "removed": N_("Removed"),
    "editing": N_("Being corrected"),
    "open": N_("Open"),
    "done": N_("Done"),
    "passed": N_("Passed over"),
}
AGED = {1: N_("an hour"), 2: N_("a day"), 3: N_("a week")}
"""By the step of a measurement."""
DEEDS = {"follow": N_("Follow"), "share": N_("Share"), "answer": N_("Answer")}


def groups(figures: Figures, words: Words) -> list[tuple[str, list[tuple[Figure, str]]]]:
    """(title of the group, [(figure, title)]) of all figures with rows; first those without a group."""
    _ = words.gettext
    found: dict[str, list[tuple[Figure, str]]] = {"": []}
    for figure in figures.all.values():
        if figure.rows:
            found.setdefault(_group(figure.name, words), []).append((figure, title(figure, words)))
    return [(group, each) for group, each in found.items() if each]


def _group(name: str, words: Words) -> str:
    _ = words.gettext
    family = name.rstrip("0123456789")
    if family != name and family in ("posts-", "reach-", "reactions-", "replies-", "mentions-"):
        return _("By weekday")
    for prefix, said in (
        ("story", _("Top stories")),
        ("peak-", _("Peaks")),
        ("fan", _("Fans")),
        ("month-", _("Month by month")),
        ("complaints-", _("Complaints and answers")),
        ("late-at-", _("Complaints and answers")),
        ("handed", _("Hand-overs between departments")),
        ("voice", _("Share of voice")),
        ("topic-", _("Share of voice")),
        ("goal", _("What served which goal")),
        ("paid-by-", _("What networks were paid, by watch")),
        ("followers-", _("Followers")),
        ("firstfollowers-", _("Followers")),
        ("wefollow-", _("Followers")),
    ):
        if name.startswith(prefix):
            return said
    return ""


def title(figure: Figure, words: Words) -> str:
    """Over the rows of a figure: whom or what they are of."""
    _ = words.gettext
    about = quoted(figure.label, 60)
    plain = {
        "reach": _("Posts whose reach was given"),
        "reach-not-given": _("Posts whose reach was not given"),
        "reactions": _("Posts with reactions given"),
        "reactions-not-given": _("Posts whose reactions were not given"),
        "replies": _("Posts with replies given"),
        "young": _("Posts whose numbers are younger than a week"),
        "posts": _("Posts that left"),
        "quotes": _("Quotes that left"),
        "boosts": _("Boosts that left"),
        "asked": _("Messages that asked for an answer or thanks"),
        "answers": _("Answers that left"),
        "on-time": _("Cases answered on time"),
        "judged": _("Cases that were answered or due"),
        "not-due": _("Cases that were not due yet"),
        "unclear": _("Cases of which nobody knows whether the answer left"),
        "closed": _("Cases that a person closed without an answer"),
        "solved-by-them": _("Answers after which the customer said that it helped"),
        "carried": _("Cases that an earlier report left"),
        "wait": _("Cases that were answered"),
        "late": _("Cases not answered in time"),
        "complaint-cases": _("Complaints that asked for an answer"),
        "waiting": _("Complaints that wait for an answer"),
        "negative-no-case": _("Negative messages that became no case"),
        "mentions": _("Mentions"),
        "copies": _("Copies of stories on other sites"),
        "voice": _("What was said of us"),
        "complaints": _("Complaints"),
        "handed": _("Hand-overs between departments"),
        "punctual": _("Posts that left on their moment"),
        "due": _("Posts that should have left"),
        "stranded": _("Posts that did not leave"),
        "unknown": _("Posts whose outcome is unknown"),
        "standing": _("Holding replies sent under a standing approval"),
        "despite": _("Answers sent against the honesty check"),
        "aimless": _("Posts without a goal"),
        "reach-aimless": _("Posts without a goal, with their reach"),
        "reactions-aimless": _("Posts without a goal, with their reactions"),
        "replies-aimless": _("Posts without a goal, with their replies"),
        "reactions-weekend": _("Posts in the weekend, with their reactions"),
        "reactions-working": _("Posts on working days, with their reactions"),
        "sent": _("Posts and replies that left"),
        "cost": _("What the cost is made of"),
        "paid": _("What networks were paid"),
        "paid-before": _("What networks were paid in the month before"),
        "reach-weekend": _("Posts in the weekend, with their reach"),
        "reach-working": _("Posts on working days, with their reach"),
        "held": _("Messages held as noise"),
        "failing": _("Sources that fail"),
        "broken": _("Sources that failed for a time"),
        "silent": _("Sources that brought nothing"),
        "deeds": _("Good deeds that were done"),
        "suggested": _("Good deeds that were suggested"),
    }
    if figure.name in plain:
        return plain[figure.name]
    family, _dash, last = figure.name.rpartition("-")
    if family in ("posts", "reach", "reactions", "replies", "mentions"):
        kinds = {
            "posts": _("Posts"),
            "reach": _("Reach"),
            "reactions": _("Reactions"),
            "replies": _("Replies"),
        }
        day = words.gettext(LONG_DAYS[int(last)])
        return _("%(kind)s, %(day)s", kind=kinds.get(family, _("Mentions")), day=day)
    return _family(figure, about, words)


def _family(figure: Figure, about: str, words: Words) -> str:
    for prefix, said in FAMILIES.items():
        if figure.name.startswith(prefix):
            last = figure.name.removeprefix(prefix)
            name = about or words.gettext("no department")
            if prefix == "paid-by-":
                name = about or words.gettext("no watch")
            elif prefix.startswith("fan"):
                name = handle(about)
            elif prefix.startswith("story"):
                name = last
            elif prefix == "month-":
                name = month_name(last, words, year=True)
            elif prefix == "peak-":
                name = words.day(date.fromisoformat(last))
            return words.gettext(said, name=name)
    return label(figure.name, words)
