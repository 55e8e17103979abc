"""The first page in words: one sentence and four figures, of which every number opens its rows."""

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.domain.figures import month_before
from chalicelib.domain.figures_chance import ENOUGH, Outcome
from chalicelib.domain.figures_kinds import Figure, Figures
from chalicelib.domain.month import Facts, before
from chalicelib.web.i18n import Words
from chalicelib.web.report.compared import compared, summed
from chalicelib.web.report.pieces import average, linked, month_name, number, reported, share


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One of the four figures: `big` is a sentence of which the numbers open rows; it is all `words` where
    there is nothing to count."""

    title: str
    big: str
    of: str
    notes: tuple[str, ...]
    words: bool = False


def statement(figures: Figures, facts: Facts, words: Words) -> str:
    """How the month was, in at most four short sentences."""
    _ = words.gettext
    if not facts.known:
        month = month_name(facts.month, words, year=True)
        return _("Nothing is known of %(month)s: Webspin did not listen or publish yet.", month=month)
    if not (facts.mentions or facts.cases or figures["posts"].value or figures["unknown"].value):
        return _("Nothing was heard and nothing was published.")
    said = (_reached(figures, facts, words), _answered(figures, words), _complained(figures, facts, words))
    return " ".join(each for each in said if each)


def heads(figures: Figures, facts: Facts, words: Words) -> list[Head]:
    was = before(facts.month)
    return [
        _reach(figures, was, words),
        _answers(figures, facts, words),
        _feelings(figures, was, words),
        _moments(figures, was, words),
    ]


# one sentence ------------------------------------------------------------------------------------


def _reached(figures: Figures, facts: Facts, words: Words) -> str:
    _ = words.gettext
    reach = figures["reach"]
    month = month_name(before(facts.month), words)
    if not figures["posts"].value:
        return _unknown(figures, words) or _("We published nothing.")
    if figures.effect == "reactions":
        return _effects(figures, words)
    if reach.value is None:
        return _("No network told how many people we reached.")
    outcome = reach.change.outcome if reach.change else Outcome.FIRST
    if outcome is Outcome.UP:
        return _("We reached more people than in %(month)s.", month=month)
    if outcome is Outcome.DOWN:
        return _("We reached fewer people than in %(month)s.", month=month)
    if outcome is Outcome.SAME:
        return _("In reach no difference with %(month)s is to be seen.", month=month)
    return _("Our reach was %(reach)s.", reach=number(reach, words))


def _unknown(figures: Figures, words: Words) -> str:
    unknown = figures["unknown"]
    said = words.ngettext(
        "Of %(num)s post nobody knows whether it left.",
        "Of %(num)s posts nobody knows whether they left.",
        unknown.value or 0,
        num=number(unknown, words),
    )
    return said if unknown.value else ""


def _effects(figures: Figures, words: Words) -> str:
    _ = words.gettext
    reactions, replies = (
        linked(average(figures[name], words), figures[name]) for name in ("reactions", "replies")
    )
    if not replies:
        return _("Reactions per post: %(reactions)s.", reactions=reactions)
    return _("Reactions per post: %(reactions)s; replies: %(replies)s.", reactions=reactions, replies=replies)


def _answered(figures: Figures, words: Words) -> str:
    _ = words.gettext
    on_time = figures["on-time"]
    value, of = on_time.value or 0, on_time.of or 0
    if not of:
        return _("No answer was due yet.") if figures["waiting"].value else ""
    outcome = on_time.change.outcome if on_time.change else Outcome.FIRST
    if outcome is Outcome.UP:
        return _("We answered in time more often.")
    if outcome is Outcome.DOWN:
        return _("We answered in time less often.")
    if value == of:
        return _("Every answer came in time.")
    if not value:
        return _("No answer came in time.")
    return _("We answered %(share)s in time.", share=linked(share(value, of, words), on_time))


def _complained(figures: Figures, facts: Facts, words: Words) -> str:
    _ = words.gettext
    if waiting := figures["waiting"].value:
        return words.ngettext(
            "%(num)s complaint still waits for an answer.",
            "%(num)s complaints still wait for an answer.",
            waiting,
            num=number(figures["waiting"], words),
        )
    if not facts.mentions:
        return _("Nothing was heard.")
    return " ".join(each for each in (_no_complaint(figures, words), _left(figures, words)) if each)


def _no_complaint(figures: Figures, words: Words) -> str:
    _ = words.gettext
    if asked := figures["complaint-cases"].value:
        return words.ngettext(
            "The complaint that asked for an answer does not wait any more.",
            "Of the %(num)s complaints that asked for an answer, none waits.",
            asked,
            num=number(figures["complaint-cases"], words),
        )
    if figures["complaints"].value:
        return _("No complaint asked for an answer.")
    return _("Nobody complained.")


def _left(figures: Figures, words: Words) -> str:
    left = figures["negative-no-case"]
    said = words.ngettext(
        "%(num)s negative message became no case.",
        "%(num)s negative messages became no case.",
        left.value or 0,
        num=number(left, words),
    )
    return said if left.value else ""


# four figures ------------------------------------------------------------------------------------


def _reactions(figures: Figures, was: str, words: Words) -> Head:
    """In the place of reach, where no network tells that."""
    _ = words.gettext
    reactions, replies = figures["reactions"], figures["replies"]
    beside = linked(average(replies, words), replies)
    total = number(reactions, words)
    notes = [
        _("None of the networks says how many people saw a post."),
        _("Replies per post: %(count)s.", count=beside) if beside else "",
        _("Reactions in all: %(total)s.", total=total),
        summed(reactions, figures, was, words),
        _missing(figures["reactions-not-given"], figures, words),
        _young(figures, words),
        *_passed_on(figures, words),
    ]
    return Head(
        title=_("Reactions per post"),
        big=linked(average(reactions, words), reactions),
        of="",
        notes=_told(notes),
    )


def _missing(missing: Figure, figures: Figures, words: Words) -> str:
    if not missing.value:
        return ""
    given = {"num": number(missing, words), "of": number(figures["posts"], words)}
    return words.gettext("Not given for %(num)s of %(of)s posts.", **given)


def _reach(figures: Figures, was: str, words: Words) -> Head:
    _ = words.gettext
    reach = figures["reach"]
    if figures.effect == "reactions":
        return _reactions(figures, was, words)
    if not figures["posts"].value:
        big, notes = linked(_("No posts"), reach), []
    elif reach.value is None:
        big, notes = (
            linked(_("Not given"), reach),
            [_("None of the networks says how many people saw a post.")],
        )
    else:
        big = number(reach, words)
        notes = [
            summed(reach, figures, was, words),
            _missing(figures["reach-not-given"], figures, words),
            _young(figures, words),
            _effects(figures, words) if figures["reactions"].value is not None else "",
        ]
    notes += _passed_on(figures, words)
    return Head(title=_("Reach"), big=big, of="", notes=_told(notes), words=reach.value is None)


def _passed_on(figures: Figures, words: Words) -> list[str]:
    """What others wrote: quoted, among the posts, and boosted, beside them."""
    _ = words.gettext
    quotes, boosts = figures["quotes"], figures["boosts"]
    return [
        _("Quotes among the posts: %(num)s.", num=number(quotes, words)) if quotes.value else "",
        _("Boosts, which are no posts of ours: %(num)s.", num=number(boosts, words)) if boosts.value else "",
    ]


def _young(figures: Figures, words: Words) -> str:
    """Numbers grow for some days: those of the last posts are not what they will be."""
    if not figures["young"].value:
        return ""
    return words.gettext(
        "Younger than a week: the numbers of %(num)s of %(of)s posts.",
        num=number(figures["young"], words),
        of=number(figures["posts"], words),
    )


def _answers(figures: Figures, facts: Facts, words: Words) -> Head:
    _ = words.gettext
    on_time, wait, was = figures["on-time"], figures["wait"], before(facts.month)
    notes = []
    if wait.value is not None:
        earlier = month_before(facts)
        given = {"span": linked(words.span(timedelta(seconds=wait.value)), wait)}
        if earlier and earlier.wait is not None:
            given |= {"month": month_name(was, words)}
            given |= {"was": reported(words.span(timedelta(seconds=earlier.wait)), was, figures)}
            notes.append(_("Of those answered, half within %(span)s; in %(month)s %(was)s.", **given))
        else:
            notes.append(_("Of those answered, half within %(span)s.", **given))
    elif on_time.of:
        notes.append(_("None was answered."))
    notes.append(compared(on_time, figures, was, words))
    if (later := figures["not-due"]).value:
        notes.append(_("Not due yet: %(count)s, for the next report.", count=number(later, words)))
    if (unclear := figures["unclear"]).value:
        notes.append(_("Unknown whether the answer left: %(count)s.", count=number(unclear, words)))
    if (closed := figures["closed"]).value:
        notes.append(_("Closed without an answer: %(count)s.", count=number(closed, words)))
    if (helped := figures["solved-by-them"]).value:
        notes.append(_("Solved, by the customer's own word: %(count)s.", count=number(helped, words)))
    if (carried := figures["carried"]).value:
        notes.append(_("Left by an earlier report: %(count)s.", count=number(carried, words)))
    big, of = _part(on_time, figures["judged"], words, _("No cases due"))
    return Head(title=_("Answered on time"), big=big, of=of, notes=_told(notes), words=not on_time.of)


def _feelings(figures: Figures, was: str, words: Words) -> Head:
    _ = words.gettext
    positive, negative = figures["positive"], figures["negative"]
    whole = positive.of or 0
    notes = []
    for figure, title in ((positive, _("Positive")), (negative, _("Negative"))):
        said = compared(figure, figures, was, words)
        notes.append(f"{title}: {said[0].lower()}{said[1:]}" if said else "")
    if not whole:
        none = linked(_("No mentions"), positive)
        return Head(title=_("Positive and negative"), big=none, of="", notes=(), words=True)
    big = _(
        "%(positive)s and %(negative)s",
        positive=linked(_small(positive, words), positive),
        negative=linked(_small(negative, words), negative),
    )
    of = _("of %(whole)s", whole=number(figures["mentions"], words))
    return Head(title=_("Positive and negative"), big=big, of=of, notes=_told(notes))


def _moments(figures: Figures, was: str, words: Words) -> Head:
    _ = words.gettext
    punctual, stranded = figures["punctual"], figures["stranded"]
    notes = [compared(punctual, figures, was, words)]
    if stranded.value:
        left = words.ngettext(
            "%(count)s did not leave.",
            "%(count)s did not leave.",
            stranded.value,
            count=number(stranded, words),
        )
        notes.append(left)
    if (unknown := figures["unknown"]).value:
        notes.append(_("Outcome unknown: %(count)s.", count=number(unknown, words)))
    big, of = _part(punctual, figures["due"], words, _("No posts"))
    return Head(title=_("Left on their moment"), big=big, of=of, notes=_told(notes), words=not punctual.of)


def _part(figure: Figure, whole: Figure, words: Words, none: str) -> tuple[str, str]:
    """A share and what it is of, where that is not said by the share itself."""
    value, count = figure.value or 0, whole.value or 0
    if not count:
        return linked(none, figure), ""
    of = words.gettext("of %(whole)s", whole=number(whole, words)) if count >= ENOUGH else ""
    return linked(share(value, count, words), figure if value else whole), of


def _small(figure: Figure, words: Words) -> str:
    """A share without its whole."""
    value, whole = figure.value or 0, figure.of or 0
    return share(value, whole, words) if whole >= ENOUGH else words.number(value)


def _told(notes: list[str]) -> tuple[str, ...]:
    return tuple(note for note in notes if note)
