"""What we cannot hear, and what can be done about it."""

from chalicelib.domain.roles import Deed
from chalicelib.web import export
from chalicelib.web.i18n import N_
from chalicelib.web.unheard import unheard
from chalicelib.web.visit import Outcome, Page, Visit

GROUPS = (
    (("trouble", "stopped", "paused", "unwatched"), N_("Not heard at this moment")),
    (("partly",), N_("Left out by what is connected")),
    (("unconnected",), N_("Not connected")),
    (("network",), N_("Networks that Webspin cannot read")),
    (("closed",), N_("Nobody can hear this")),
)
COLUMNS = ("why", "what", "said", "do", "source")


def show(visit: Visit) -> Outcome:
    found = unheard(visit, visit.desk.sources.of(visit.brand.id))
    if export.asked(visit):
        rows = ((each.why, each.what, " ".join(each.said), each.do, each.source) for each in found)
        return export.download(visit, "unheard", COLUMNS, rows)
    groups = [
        (visit.words.gettext(title), [each for each in found if each.why in whys]) for whys, title in GROUPS
    ]
    values = {
        "groups": [group for group in groups if group[1]],
        "may": visit.may(Deed.MANAGE),
        "alike": "unconnected",  # all of these are said the same of, once
    }
    return Page(template="unheard.html", place="sources", values=values)
