"""Every address that a person opens: a new page is one row here, and a test fails until it has it.

`PAGES` is what the checks of all pages walk over: valid, light, readable, reachable by key and by thumb
(tests/web/test_addresses.py without a browser, tests/e2e/test_screens.py in one).
"""

from chalicelib.web import people
from tests.web.fakes_people import NOOR, SAM
from tests.web.test_pages import COMPLAINT, PRESS

PAGES: dict[str, tuple[str, ...]] = {
    "/": ("/",),
    "/mentions": ("/mentions", "/mentions?label=negative", "/mentions?label=negative&platform=feed"),
    "/mentions/import": ("/mentions/import",),
    "/mentions/{slug}/copies": ("/mentions/{complaint}/copies",),
    "/accuracy": ("/accuracy",),
    "/noise": ("/noise",),
    "/noise/block": ("/noise/block?mention={complaint}",),
    "/cases": ("/cases",),
    "/promises": ("/promises",),
    "/cases/{slug}": ("/cases/{complaint}", "/cases/{press}"),
    "/cases/{slug}/ask": ("/cases/{complaint}/ask",),
    "/cases/{slug}/approval": ("/cases/{complaint}/approval",),
    "/cases/{slug}/merge": ("/cases/{complaint}/merge",),
    "/cases/{slug}/known": ("/cases/{complaint}/known", "/cases/{complaint}/known?q=open"),
    "/drills": ("/drills",),
    "/drills/{id}": ("/drills/d1",),
    "/standing": ("/standing",),
    "/standing/{id}": ("/standing/s1",),
    "/sources": ("/sources",),
    "/unheard": ("/unheard",),
    "/costs": ("/costs",),
    "/sandbox/{channel}": ("/sandbox/proefkanaal",),
    "/calendar": ("/calendar", "/calendar?view=list"),
    "/calendar/new": ("/calendar/new?when=2026-11-28T15:00",),
    "/calendar/import": ("/calendar/import",),
    "/posts/{id}": ("/posts/{planned}", "/posts/{held}", "/posts/{failed}", "/posts/{confirmed}"),
    "/posts/{id}/change": ("/posts/{planned}/change",),
    "/brake": ("/brake",),
    "/people": ("/people",),
    "/people/met": ("/people/met",),
    "/people/{platform}/{author}": (people.path("mastodon", "regenjas42"),),
    "/reports": ("/reports",),
    "/reports/{month}": ("/reports/2026-10", "/reports/2026-10?rows=mentions", "/reports/2026-11"),
    "/status": ("/status",),
    "/audit": ("/audit",),
    "/welcome": ("/welcome",),
    "/brand": ("/brand",),
    "/brand/import": ("/brand/import",),
    "/brand/{section}/{entry}": ("/brand/departments/uitlening", "/brand/channels/mastodon"),
    "/sources/new": ("/sources/new",),
    "/sources/watches/{watch}": ("/sources/watches/naam",),
    "/sources/{source}": ("/sources/bode", "/sources/winkel"),
    "/sources/{source}/refused": ("/sources/winkel/refused",),
    "/team/keys": ("/team/keys",),
    "/api/v1/docs": ("/api/v1/docs",),
    "/brand/webhooks": ("/brand/webhooks",),
    "/brand/webhooks/{id}": ("/brand/webhooks/w-1",),
    "/knowledge": ("/knowledge",),
    "/knowledge/{id}": ("/knowledge/open", "/knowledge/new"),
    "/team": ("/team",),
    "/team/invite": ("/team/invite",),
    "/team/{id}": ("/team/{noor}", "/team/{sam}"),
    "/me": ("/me",),
    "/me/alerts": ("/me/alerts",),
    "/alerts": ("/alerts",),
    "/roster": ("/roster", "/roster?week=2026-11-30"),
    "/alerts/{brand}/{id}": ("/alerts/veldermeer/20261123T080500000-uitlening.negative",),
}
"""Route -> what is opened there, with the names of `THERE` filled in. Who opens it is an administrator."""

OUTSIDE: dict[str, tuple[str, ...]] = {
    "/sign-in": ("/sign-in", "/sign-in?next=%2Fcases"),
    "/forgot": ("/forgot",),
}
"""As `PAGES`, for who has no session."""

NO_PAGE: dict[str, str] = {
    "/healthz": "a word for machines",
    "/api/v1/openapi.json": "a description for machines",
    "/brand/file": "a file to keep",
    "/static/{file}": "a file of ours",
    "/reports/{month}/{file}": "leads on to the bucket",
    "/posts/{id}/images/{name}": "an image of a post, and is looked at in test_images.py",
    "/sign-in/organisation": "leads on to the user pool's own page",
    "/sign-in/back": "comes back from there, with a code that is used once",
    "/connect/back/{where}": "comes back from a network, and is walked through in test_connecting.py",
    "/approve/{token}": "asks for a link from a mail, and is walked through in test_by_mail.py",
    "/{unknown}": "a page that is not there",
}
"""Route -> why nothing is to be looked at."""

WRONG = ("/nowhere", "/cases/bm90aGluZw", "/mentions?day=yesterday")
"""Addresses that no page of ours gives: their answer is a page too."""

THERE = {"complaint": COMPLAINT, "press": PRESS, "noor": NOOR, "sam": SAM}
"""What `furnished` puts there, by name; it adds its posts."""


def opened(table: dict[str, tuple[str, ...]]) -> list[str]:
    return [address for addresses in table.values() for address in addresses]
