"""What stands over the columns of the rows, and the words for what they hold."""

from chalicelib.web.i18n import N_

HEADS = {
    "mentions": (N_("When"), N_("Network"), N_("Who"), N_("Text"), N_("Feeling"), N_("Department")),
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
    "open": N_("Open"),
    "done": N_("Done"),
    "passed": N_("Passed over"),
}
AGED = {1: N_("an hour"), 2: N_("a day"), 3: N_("a week")}
"""By the step of a measurement."""
DEEDS = {"follow": N_("Follow"), "share": N_("Share"), "answer": N_("Answer")}
