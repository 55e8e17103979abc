"""Connecting an account at its network: the page that leads there, and what comes back.

Back comes a code, in the address of the page: it is answered with a way on to the account's own page, or with
a page that has no link with it.
"""

from chalicelib.domain.keyring import Holder
from chalicelib.errors import BadInput, PlatformError, Rejected, Unauthorized
from chalicelib.web import connecting, keeping
from chalicelib.web.i18n import N_, called
from chalicelib.web.noting import noted
from chalicelib.web.visit import Go, Outcome, Page, Visit

NOT_OURS = N_(
    "This was not begun here by you, or it took too long, or it came back twice. Begin once more, from the "
    "page of the channel or source."
)
NO = N_("%(network)s says that you did not agree, or may not.")
LACKS = N_("Fill in first how %(network)s calls this console: its client id and secret.")
AWAY = N_("%(network)s could not be asked just now. Begin once more in a while.")
NOT_TAKEN = N_(
    "%(network)s did not take what came back. Begin once more; look whether client id and secret are right."
)
ANOTHER = N_(
    "At %(network)s you were signed in with another account than this is for. Sign in there as the right "
    "one, then begin once more."
)
NO_BOARD = N_(
    "%(network)s shows no such board to who signed in. Look whether its number is right, or sign in there as "
    "the right account; then begin once more."
)
WRONG = {
    "the key is of another account": ANOTHER,
    "the key is not of this account": ANOTHER,
    "the key is not of this Page": ANOTHER,
    "the key is of another channel": ANOTHER,
    "the account has no such board": NO_BOARD,
}
"""How modules say so."""


def begin(visit: Visit, section: str, id: str) -> Outcome:
    """A page that leads there, with what will be asked: nobody is sent to a stranger unawares."""
    holder = connecting.holder_of(visit, section, id)
    address, fault = way(visit, holder, by_key=False)
    return _page(visit, holder, address=address, fault=fault, status=422)


def way(visit: Visit, holder: Holder, *, by_key: bool) -> tuple[str, str]:
    """The address where its network asks, or why there is none: one of both is ""."""
    try:
        with noted(visit.desk, visit.line("secret.offer" if by_key else "secret.ask", of=holder.secret)):
            return connecting.begin(visit, holder, by_key=by_key), ""
    except BadInput:
        return "", LACKS
    except PlatformError as error:
        return "", NOT_TAKEN if isinstance(error, Rejected) else AWAY


def back(visit: Visit, where: str) -> Outcome:
    looking_at = visit.brand
    try:
        visit = connecting.at_its_brand(visit)
        holder, redirect = connecting.returned(visit, where)
    except BadInput:
        return _page(visit, None, fault=NOT_OURS)
    if visit.query.get("error"):
        return _page(visit, holder, fault=NO)
    try:
        with noted(visit.desk, visit.line("secret.connect", of=holder.secret)):
            connecting.finish(visit, holder, redirect)
    except BadInput:
        return _page(visit, holder, fault=NOT_OURS)
    except Unauthorized as error:
        return _page(visit, holder, fault=WRONG.get(error.reason, NOT_TAKEN))
    except PlatformError as error:
        return _page(visit, holder, fault=NOT_TAKEN if isinstance(error, Rejected) else AWAY)
    keeping.untest(visit, holder.secret)
    if holder.kind == "source":
        keeping.poll_now(visit, holder.id)
    elsewhere = f"&brand={holder.brand}" if visit.brand != looking_at else ""
    return Go(f"{holder.path}?{'secret' if holder.kind == 'channel' else 'kept'}=connected{elsewhere}")


def _page(
    visit: Visit, holder: Holder | None, *, address: str = "", fault: str = "", status: int = 400
) -> Page:
    network = called(holder.platform) if holder else ""
    values = {
        "holder": holder,
        "network": network,
        "account": holder.settings.get("account", "") if holder else "",
        "host": address.partition("//")[2].partition("/")[0],
        "address": address,
        "fault": visit.words.gettext(fault) % {"network": network} if fault else "",
        "here": holder.path if holder else "/sources",
        "asked": "",
    }
    return Page(
        template="connect.html",
        place="sources" if holder is None or holder.kind == "source" else "brand",
        values=values,
        brand=visit.brand,
        status=200 if address else status,
    )
