"""Who may come where: one row a route. `test_access.py` walks over the routes and fails on one without.

A new route needs its row in `ROUTES`; a POST also what its form must hold (`FORMS`), and either one what
stands in its address (`REAL`).
"""

from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import blake2s

from chalicelib.brandfile import plain
from chalicelib.domain.alerting import Notice, notice_id
from chalicelib.domain.apikey import ApiKey, Scope
from chalicelib.domain.brand import Drafter, Known, Lessons, StandingApproval, Template
from chalicelib.domain.case import CaseKey, CaseState
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.delta import Delta, Measured, Score, Taught
from chalicelib.domain.drill import Drill, Line
from chalicelib.domain.hook import KINDS, Hook
from chalicelib.domain.hush import Hush
from chalicelib.domain.knowledge import Page, digest
from chalicelib.domain.mention import MentionKey
from chalicelib.domain.promise import Promise, PromiseKey, PromiseState
from chalicelib.domain.roles import Grant, Role
from chalicelib.domain.source import Source
from chalicelib.domain.spike import Surge
from chalicelib.stages.images import Album
from chalicelib.web import people, settings
from tests.images import PNG
from tests.web.browser import HOST, Browser
from tests.web.fakes_people import ADA, CODE, NOOR, PASSWORD, SAM, SECRET
from tests.web.test_pages import COMPLAINT, PRESS
from tests.web.test_people import FOLLOW, morning
from tests.web.world import BRAND, NOW, World

OPEN = "open"
"""Answers without a session."""
ANYBODY = "anybody"
"""Answers whoever is signed in, also who is let in nowhere."""
KEY = "key:"
"""`key:read`, `key:write`, `key:admin`: asks for an API key of this scope, and takes no session."""

FEED = "https://krant.example/feed.xml"
OTHER_FEED = "https://krant.example/elders.xml"
SHOP = Source(brand=BRAND.id, id="winkel", platform="webhook", name="Winkel", interval=0, connected_at=NOW)
"""It calls us."""
PAPER = Source(
    brand=BRAND.id,
    id="krant",
    platform="feed",
    name="Krant",
    settings={"url": FEED},
    connected_at=NOW - timedelta(days=40),
)
KNOWN = Page(
    id="open",
    title="Openingstijden",
    language="nl",
    text="## Hoe laat zijn jullie open?\nOp werkdagen van 9.00 tot 17.30 uur.",
)
HOLDING = "@regenjas42 Wij antwoorden vandaag voor 09:40. Sam de Wit"
MENTIONS = "posted,network,author,text,url\n2026-11-20T09:00Z,feed,jip,Mooi,https://krant.example/1\n"
BRAND_FILE = """
name: Leesplek
id: veldermeer
zone: Europe/Amsterdam
languages: [nl]
departments: [{name: Balie}]
"""

ROUTES: dict[tuple[str, str], str] = {
    ("GET", "/healthz"): OPEN,
    ("GET", "/static/{file}"): OPEN,
    ("GET", "/sign-in"): OPEN,
    ("POST", "/sign-in"): OPEN,
    ("POST", "/sign-in/new-password"): OPEN,
    ("POST", "/sign-in/code"): OPEN,
    ("POST", "/sign-in/set-up"): OPEN,
    ("GET", "/sign-in/organisation"): OPEN,
    ("GET", "/sign-in/back"): OPEN,
    ("GET", "/forgot"): OPEN,
    ("POST", "/forgot"): OPEN,
    ("POST", "/forgot/password"): OPEN,
    ("GET", "/approve/{token}"): OPEN,
    ("POST", "/approve/{token}"): OPEN,
    ("POST", "/sign-out"): ANYBODY,
    ("GET", "/me"): "reader",
    ("GET", "/me/alerts"): "reader",
    ("POST", "/me/alerts"): "reader",
    ("GET", "/alerts"): "reader",
    ("GET", "/roster"): "reader",
    ("POST", "/roster"): "manager",
    ("GET", "/alerts/{brand}/{id}"): "reader",
    ("POST", "/me/second-factor"): "reader",
    ("POST", "/me/second-factor/code"): "reader",
    ("POST", "/me/second-factor/remove"): "reader",
    ("POST", "/me/sign-out"): "reader",
    ("GET", "/team"): "manager",
    ("GET", "/team/invite"): "manager",
    ("POST", "/team/invite"): "manager",
    ("GET", "/team/{id}"): "manager",
    ("POST", "/team/{id}/role"): "manager",
    ("POST", "/team/{id}/invitation"): "manager",
    ("POST", "/team/{id}/access"): "administrator",
    ("GET", "/"): "reader",
    ("GET", "/mentions"): "reader",
    ("GET", "/cases"): "reader",
    ("GET", "/cases/{slug}"): "reader",
    ("POST", "/cases/{slug}/reply"): "agent",
    ("POST", "/cases/{slug}/solve"): "agent",
    ("POST", "/cases/{slug}/hand"): "agent",
    ("POST", "/cases/{slug}/holding"): "agent",
    ("POST", "/cases/{slug}/correct"): "agent",
    ("POST", "/cases/{slug}/take-back"): "agent",
    ("GET", "/cases/{slug}/approval"): "reader",
    ("POST", "/cases/{slug}/approval"): "agent",
    ("GET", "/drills"): "reader",
    ("POST", "/drills"): "manager",
    ("GET", "/drills/{id}"): "reader",
    ("POST", "/drills/{id}/end"): "manager",
    ("GET", "/standing"): "reader",
    ("POST", "/standing"): "manager",
    ("GET", "/standing/{id}"): "reader",
    ("POST", "/standing/{id}/second"): "manager",
    ("POST", "/standing/{id}/revoke"): "agent",
    ("POST", "/cases/next"): "agent",
    ("POST", "/cases/{slug}/take"): "agent",
    ("POST", "/cases/{slug}/snooze"): "agent",
    ("POST", "/cases/{slug}/note"): "agent",
    ("GET", "/cases/{slug}/merge"): "agent",
    ("POST", "/cases/{slug}/merge"): "agent",
    ("POST", "/cases/{slug}/split"): "agent",
    ("POST", "/cases/{slug}/labels"): "agent",
    ("GET", "/cases/{slug}/ask"): "agent",
    ("POST", "/cases/{slug}/reopen"): "agent",
    ("GET", "/promises"): "reader",
    ("POST", "/promises/{slug}"): "agent",
    ("GET", "/cases/{slug}/known"): "reader",
    ("POST", "/cases/{slug}/put"): "agent",
    ("POST", "/cases/{slug}/model"): "agent",
    ("POST", "/mentions/correct"): "agent",
    ("GET", "/noise"): "reader",
    ("GET", "/noise/block"): "agent",
    ("POST", "/noise/block"): "agent",
    ("POST", "/noise/through"): "agent",
    ("GET", "/mentions/{slug}/copies"): "reader",
    ("POST", "/mentions/{slug}/part"): "agent",
    ("GET", "/accuracy"): "reader",
    ("POST", "/accuracy"): "manager",
    ("POST", "/bulk"): "agent",
    ("GET", "/people/met"): "reader",
    ("GET", "/people/{platform}/{author}"): "reader",
    ("GET", "/sources"): "reader",
    ("GET", "/unheard"): "reader",
    ("GET", "/costs"): "reader",
    ("POST", "/costs"): "manager",
    ("GET", "/sources/new"): "reader",
    ("POST", "/sources/new"): "manager",
    ("GET", "/sources/watches/{watch}"): "reader",
    ("POST", "/sources/watches/{watch}"): "manager",
    ("GET", "/sources/{source}"): "reader",
    ("GET", "/sources/{source}/refused"): "reader",
    ("POST", "/sources/{source}"): "manager",
    ("POST", "/sources/{source}/secret"): "manager",
    ("GET", "/brand"): "reader",
    ("GET", "/brand/file"): "reader",
    ("GET", "/brand/import"): "reader",
    ("POST", "/brand/import"): "manager",
    ("POST", "/brand/{section}"): "manager",
    ("GET", "/brand/{section}/{entry}"): "reader",
    ("POST", "/brand/{section}/{entry}"): "manager",
    ("POST", "/brand/{section}/{entry}/secret"): "manager",
    ("GET", "/connect/back/{where}"): "manager",
    ("POST", "/connect/{section}/{entry}"): "manager",
    ("GET", "/knowledge"): "reader",
    ("GET", "/knowledge/{id}"): "reader",
    ("POST", "/knowledge/{id}"): "manager",
    ("GET", "/welcome"): "administrator",
    ("POST", "/welcome"): "administrator",
    ("GET", "/sandbox/{channel}"): "reader",
    ("POST", "/sandbox/{channel}/say"): "agent",
    ("POST", "/sandbox/{channel}/mood"): "agent",
    ("GET", "/calendar"): "reader",
    ("GET", "/calendar/new"): "reader",
    ("POST", "/calendar/new"): "editor",
    ("POST", "/calendar/count"): "editor",
    ("GET", "/mentions/import"): "reader",
    ("POST", "/mentions/import"): "manager",
    ("GET", "/calendar/import"): "reader",
    ("POST", "/calendar/import"): "editor",
    ("GET", "/posts/{id}"): "reader",
    ("GET", "/posts/{id}/images/{name}"): "reader",
    ("GET", "/posts/{id}/change"): "reader",
    ("POST", "/posts/{id}/change"): "editor",
    ("POST", "/posts/{id}/cancel"): "editor",
    ("POST", "/posts/{id}/release"): "editor",
    ("POST", "/posts/{id}/leave"): "editor",
    ("POST", "/posts/{id}/remove"): "editor",
    ("POST", "/posts/{id}/edit"): "editor",
    ("GET", "/brake"): "reader",
    ("POST", "/brake"): "agent",
    ("POST", "/brake/release"): "manager",
    ("GET", "/people"): "reader",
    ("POST", "/people/{id}"): "agent",
    ("GET", "/reports"): "reader",
    ("GET", "/reports/{month}"): "reader",
    ("POST", "/reports/{month}"): "manager",
    ("GET", "/reports/{month}/{file}"): "reader",
    ("GET", "/status"): "reader",
    ("POST", "/status/{queue}"): "manager",
    ("GET", "/audit"): "manager",
    ("GET", "/brand/webhooks"): "manager",
    ("POST", "/brand/webhooks"): "manager",
    ("GET", "/brand/webhooks/{id}"): "manager",
    ("POST", "/brand/webhooks/{id}"): "manager",
    ("GET", "/{unknown}"): "reader",
    ("GET", "/team/keys"): "manager",
    ("POST", "/team/keys"): "manager",
    ("POST", "/team/keys/{id}/revoke"): "manager",
    ("GET", "/api/v1/docs"): OPEN,
    ("GET", "/api/v1/openapi.json"): OPEN,
}
"""The lowest role that may, by method and route."""
DEPARTMENTS_TOO = {
    ("GET", "/team"),
    ("GET", "/team/invite"),
    ("POST", "/team/invite"),
    ("GET", "/team/{id}"),
    ("POST", "/team/{id}/role"),
    ("POST", "/team/{id}/invitation"),
    ("POST", "/brake/release"),
    ("POST", "/roster"),
}
"""Also for a manager of some departments only, as far as those go; all else of a manager's is of the whole
brand."""

API: dict[tuple[str, str], str] = {
    ("GET", "/brands"): "read",
    ("GET", "/brands/{brand}"): "read",
    ("GET", "/brands/{brand}/mentions"): "read",
    ("GET", "/brands/{brand}/mentions/{mention}"): "read",
    ("PUT", "/brands/{brand}/mentions/{mention}/verdict"): "write",
    ("GET", "/brands/{brand}/mentions/{mention}/copies"): "read",
    ("POST", "/brands/{brand}/mentions/{mention}/part"): "write",
    ("GET", "/brands/{brand}/accuracy"): "read",
    ("POST", "/brands/{brand}/accuracy/take-back"): "admin",
    ("POST", "/brands/{brand}/accuracy/let-count"): "admin",
    ("GET", "/brands/{brand}/sources"): "read",
    ("GET", "/brands/{brand}/sources/{source}"): "read",
    ("GET", "/brands/{brand}/sources/{source}/refusals"): "read",
    ("GET", "/brands/{brand}/unheard"): "read",
    ("GET", "/brands/{brand}/costs"): "read",
    ("POST", "/brands/{brand}/costs/go-on"): "admin",
    ("POST", "/brands/{brand}/sources/{source}/polls"): "admin",
    ("POST", "/brands/{brand}/sources/{source}/over-cap"): "write",
    ("POST", "/brands/{brand}/mentions/{mention}/let-through"): "write",
    ("GET", "/brands/{brand}/blocks"): "read",
    ("POST", "/brands/{brand}/blocks"): "write",
    ("GET", "/brands/{brand}/blocks/{block}"): "read",
    ("POST", "/brands/{brand}/blocks/{block}/lift"): "write",
    ("POST", "/brands/{brand}/bulk"): "write",
    ("GET", "/brands/{brand}/cases"): "read",
    ("GET", "/brands/{brand}/closed-cases"): "read",
    ("GET", "/brands/{brand}/cases/{case}"): "read",
    ("GET", "/brands/{brand}/cases/{case}/history"): "read",
    ("PUT", "/brands/{brand}/cases/{case}/draft"): "write",
    ("GET", "/brands/{brand}/cases/{case}/replies"): "read",
    ("POST", "/brands/{brand}/cases/{case}/replies"): "write",
    ("GET", "/brands/{brand}/cases/{case}/replies/{n}"): "read",
    ("POST", "/brands/{brand}/cases/{case}/replies/{n}/correct"): "write",
    ("POST", "/brands/{brand}/cases/{case}/replies/{n}/remove"): "write",
    ("GET", "/brands/{brand}/cases/{case}/holding-reply"): "read",
    ("POST", "/brands/{brand}/cases/{case}/holding-reply"): "write",
    ("GET", "/brands/{brand}/drills"): "read",
    ("POST", "/brands/{brand}/drills"): "admin",
    ("GET", "/brands/{brand}/drills/{drill}"): "read",
    ("GET", "/brands/{brand}/drills/{drill}/figures"): "read",
    ("POST", "/brands/{brand}/drills/{drill}/end"): "admin",
    ("GET", "/brands/{brand}/standing-approvals"): "read",
    ("GET", "/brands/{brand}/standing-approvals/{approval}"): "read",
    ("GET", "/brands/{brand}/standing-approvals/{approval}/sent"): "read",
    ("POST", "/brands/{brand}/standing-approvals/{approval}/revoke"): "write",
    ("POST", "/brands/{brand}/cases/{case}/solve"): "write",
    ("POST", "/brands/{brand}/cases/{case}/hand-over"): "write",
    ("POST", "/brands/{brand}/cases/{case}/approval"): "write",
    ("POST", "/brands/{brand}/cases/next"): "write",
    ("POST", "/brands/{brand}/cases/{case}/take"): "write",
    ("POST", "/brands/{brand}/cases/{case}/lay-down"): "write",
    ("POST", "/brands/{brand}/cases/{case}/snooze"): "write",
    ("POST", "/brands/{brand}/cases/{case}/notes"): "write",
    ("POST", "/brands/{brand}/cases/{case}/labels"): "write",
    ("POST", "/brands/{brand}/cases/{case}/merge"): "write",
    ("POST", "/brands/{brand}/cases/{case}/split"): "write",
    ("GET", "/brands/{brand}/cases/{case}/colleagues"): "write",
    ("POST", "/brands/{brand}/cases/{case}/reopen"): "write",
    ("GET", "/brands/{brand}/cases/{case}/promises"): "read",
    ("GET", "/brands/{brand}/promises"): "read",
    ("GET", "/brands/{brand}/promises/{promise}"): "read",
    ("POST", "/brands/{brand}/promises/{promise}/keep"): "write",
    ("POST", "/brands/{brand}/promises/{promise}/move"): "write",
    ("POST", "/brands/{brand}/promises/{promise}/drop"): "write",
    ("GET", "/brands/{brand}/cases/{case}/known"): "read",
    ("POST", "/brands/{brand}/cases/{case}/known"): "write",
    ("POST", "/brands/{brand}/cases/{case}/answered"): "write",
    ("POST", "/brands/{brand}/cases/{case}/model"): "write",
    ("POST", "/brands/{brand}/cases/{case}/snippets"): "write",
    ("GET", "/brands/{brand}/calendar"): "read",
    ("GET", "/brands/{brand}/slots"): "read",
    ("POST", "/brands/{brand}/images"): "write",
    ("GET", "/brands/{brand}/posts"): "read",
    ("POST", "/brands/{brand}/posts"): "write",
    ("GET", "/brands/{brand}/mention-rows"): "read",
    ("POST", "/brands/{brand}/mention-imports"): "admin",
    ("POST", "/brands/{brand}/trials/mention-imports"): "admin",
    ("POST", "/brands/{brand}/imports"): "write",
    ("GET", "/brands/{brand}/posts/{post}"): "read",
    ("PUT", "/brands/{brand}/posts/{post}"): "write",
    ("POST", "/brands/{brand}/posts/{post}/cancel"): "write",
    ("GET", "/brands/{brand}/posts/{post}/history"): "read",
    ("GET", "/brands/{brand}/posts/{post}/measurements"): "read",
    ("POST", "/brands/{brand}/posts/{post}/deliveries/{channel}/{n}/release"): "write",
    ("POST", "/brands/{brand}/posts/{post}/deliveries/{channel}/{n}/leave"): "write",
    ("POST", "/brands/{brand}/posts/{post}/deliveries/{channel}/{n}/remove"): "write",
    ("POST", "/brands/{brand}/posts/{post}/deliveries/{channel}/{n}/edit"): "write",
    ("GET", "/brands/{brand}/brake"): "read",
    ("GET", "/brands/{brand}/brake/waiting"): "read",
    ("POST", "/brands/{brand}/brake/pull"): "write",
    ("POST", "/brands/{brand}/brake/release"): "admin",
    ("GET", "/brands/{brand}/sandboxes/{channel}"): "read",
    ("POST", "/brands/{brand}/sandboxes/{channel}/messages"): "write",
    ("PUT", "/brands/{brand}/sandboxes/{channel}/mood"): "write",
    ("GET", "/brands/{brand}/people"): "read",
    ("GET", "/brands/{brand}/people/{platform}/{author}"): "read",
    ("GET", "/brands/{brand}/mornings"): "read",
    ("GET", "/brands/{brand}/mornings/{day}"): "read",
    ("POST", "/brands/{brand}/mornings/{day}/deeds/{deed}"): "write",
    ("GET", "/brands/{brand}/fans"): "read",
    ("GET", "/brands/{brand}/reports"): "read",
    ("GET", "/brands/{brand}/reports/{month}"): "read",
    ("POST", "/brands/{brand}/reports/{month}"): "admin",
    ("GET", "/brands/{brand}/reports/{month}/files/{file}"): "read",
    ("GET", "/brands/{brand}/settings"): "read",
    ("PUT", "/brands/{brand}/settings"): "admin",
    ("GET", "/brands/{brand}/file"): "read",
    ("PUT", "/brands/{brand}/file"): "admin",
    ("GET", "/brands/{brand}/settings/{section}"): "read",
    ("POST", "/brands/{brand}/settings/{section}"): "admin",
    ("GET", "/brands/{brand}/settings/{section}/{entry}"): "read",
    ("PUT", "/brands/{brand}/settings/{section}/{entry}"): "admin",
    ("POST", "/brands/{brand}/settings/{section}/{entry}/remove"): "admin",
    ("PUT", "/brands/{brand}/settings/{section}/{entry}/secret"): "admin",
    ("POST", "/brands/{brand}/settings/{section}/{entry}/secret/end-old"): "admin",
    ("POST", "/brands/{brand}/settings/{section}/{entry}/secret/remove"): "admin",
    ("POST", "/brands/{brand}/settings/{section}/{entry}/connect"): "admin",
    ("GET", "/brands/{brand}/knowledge"): "read",
    ("POST", "/brands/{brand}/knowledge"): "admin",
    ("GET", "/brands/{brand}/knowledge/{page}"): "read",
    ("PUT", "/brands/{brand}/knowledge/{page}"): "admin",
    ("POST", "/brands/{brand}/knowledge/{page}/remove"): "admin",
    ("GET", "/brands/{brand}/team"): "admin",
    ("POST", "/brands/{brand}/team"): "admin",
    ("GET", "/brands/{brand}/team/{colleague}"): "admin",
    ("PUT", "/brands/{brand}/team/{colleague}/role"): "admin",
    ("POST", "/brands/{brand}/team/{colleague}/invitation"): "admin",
    ("POST", "/brands/{brand}/team/{colleague}/disable"): "admin",
    ("POST", "/brands/{brand}/team/{colleague}/enable"): "admin",
    ("POST", "/brands/{brand}/team/{colleague}/sign-out"): "admin",
    ("POST", "/brands/{brand}/trials/watches"): "admin",
    ("POST", "/brands/{brand}/trials/sources"): "admin",
    ("POST", "/brands/{brand}/trials/file"): "admin",
    ("POST", "/brands/{brand}/trials/posts"): "write",
    ("POST", "/brands/{brand}/trials/imports"): "write",
    ("POST", "/brands/{brand}/trials/texts"): "write",
    ("POST", "/brands/{brand}/trials/replies/{case}"): "write",
    ("GET", "/brands/{brand}/health"): "read",
    ("GET", "/brands/{brand}/queues"): "read",
    ("GET", "/brands/{brand}/queues/{queue}"): "read",
    ("POST", "/brands/{brand}/queues/{queue}/redrive"): "admin",
    ("GET", "/brands/{brand}/webhooks"): "admin",
    ("POST", "/brands/{brand}/webhooks"): "admin",
    ("GET", "/brands/{brand}/webhooks/{webhook}"): "admin",
    ("GET", "/brands/{brand}/webhooks/{webhook}/calls"): "admin",
    ("POST", "/brands/{brand}/webhooks/{webhook}/pause"): "admin",
    ("POST", "/brands/{brand}/webhooks/{webhook}/resume"): "admin",
    ("POST", "/brands/{brand}/webhooks/{webhook}/rotate"): "admin",
    ("POST", "/brands/{brand}/webhooks/{webhook}/remove"): "admin",
    ("POST", "/brands/{brand}/webhooks/{webhook}/tests"): "admin",
    ("POST", "/brands/{brand}/webhooks/{webhook}/resends"): "admin",
    ("GET", "/brands/{brand}/alerts"): "read",
    ("GET", "/brands/{brand}/alerts/{alert}"): "read",
    ("GET", "/brands/{brand}/duty"): "read",
    ("GET", "/brands/{brand}/roster/{week}"): "read",
    ("PUT", "/brands/{brand}/roster/{week}"): "admin",
    ("GET", "/brands/{brand}/log"): "admin",
    ("GET", "/brands/{brand}/keys"): "admin",
    ("GET", "/brands/{brand}/keys/{key}"): "admin",
    ("POST", "/brands/{brand}/keys"): "admin",
    ("POST", "/brands/{brand}/keys/{key}/revoke"): "admin",
}
"""Below /api/v1: the scope that a key must have."""
API_DEPARTMENTS_TOO = {
    ("POST", "/brands/{brand}/brake/release"),
    ("GET", "/brands/{brand}/team"),
    ("POST", "/brands/{brand}/team"),
    ("GET", "/brands/{brand}/team/{colleague}"),
    ("PUT", "/brands/{brand}/team/{colleague}/role"),
    ("POST", "/brands/{brand}/team/{colleague}/invitation"),
    ("PUT", "/brands/{brand}/roster/{week}"),
}
"""Of scope admin, and also for a key of some departments."""
API_ADMINISTRATORS = {
    ("POST", f"/brands/{{brand}}/team/{{colleague}}/{do}") for do in ("disable", "enable", "sign-out")
}
"""Of scope admin, and only for a key whose maker is an administrator."""
ROUTES |= {(method, f"/api/v1{path}"): f"{KEY}{scope}" for (method, path), scope in API.items()}

POST = {
    "id": "p-1",
    "title": "Zaterdag open",
    "text": "Kom langs",
    "to.mastodon": "1",
    "when": "2026-11-28T10:00",
    "language": "nl",
    "rev": "1",
}
FORM = {"text": "Wat vervelend", "author": "veldkijker", "mood": "down", "rev": "1", "do": "done"}
"""What most deeds are content with."""
OWN = {"password": PASSWORD, "code": CODE, "secret": SECRET}
FORMS: dict[str, dict[str, str]] = {
    "/team/keys": {"name": "Planner", "scope": "read", "id": "0123456789abcdef"},
    "/me/alerts": {"rev": "0", "mail": "yes"},
    "/roster": {
        "do": "add",
        "department": "uitlening",
        "colleague": SAM,
        "start": "2026-11-23T09:00",
        "end": "2026-11-23T17:00",
    },
    "/me/second-factor": OWN,
    "/me/second-factor/code": OWN,
    "/me/second-factor/remove": OWN,
    "/team/invite": {"name": "Jip", "email": "jip@veldermeer.example", "role": "agent"},
    "/team/{id}/role": {"role": "agent", "seen": "1"},
    "/team/{id}/access": {"do": "disable"},
    "/calendar/new": POST,
    "/posts/{id}/change": POST,
    "/mentions/import": {"text": MENTIONS, "do": "keep"},
    "/calendar/import": {"text": "title,when,text\nZaterdag open,2026-11-28 10:00,Kom langs", "do": "plan"},
    "/posts/{id}/release": {"channel": "mastodon", "n": "1", "do": "now"},
    "/posts/{id}/leave": {"channel": "mastodon", "n": "1"},
    "/posts/{id}/remove": {"channel": "mastodon", "n": "1"},
    "/posts/{id}/edit": {"channel": "mastodon", "n": "1", "text": "Kom langs, om elf uur"},
    "/costs": {"scope": "brand"},
    "/sources/new": {"kind": "feed", "name": "Elders", "url": OTHER_FEED, "interval": "5"},
    "/sources/watches/{watch}": {"name": "Kort", "terms": "bieb", "do": "save"},
    "/sources/{source}": {"do": "pause", "mark": settings.mark(plain.source(PAPER))},
    "/sources/{source}/secret": {"do": "remove"},
    "/brand/import": {"text": BRAND_FILE, "do": "keep", "seen": "1"},
    "/brand/{section}": {
        "report_mail": "",
        "mail_from": "wij@veldermeer.example",
        "mark": settings.mark(plain.head(BRAND)),
    },
    "/brand/{section}/{entry}": {"name": "Meer leden", "do": "save"},
    "/brand/{section}/{entry}/secret": {"do": "set", "secret": "fake-token"},
    "/welcome": {"step": "watch", "name": "Kort", "terms": "bieb", "do": "save"},
    "/brand/webhooks": {"id": "w-2", "address": "https://example.org/", "event.case": "1"},
    "/brand/webhooks/{id}": {"do": "pause"},
    "/knowledge/{id}": {
        "title": "Pas kwijt",
        "language": "nl",
        "text": KNOWN.text,
        "was": digest(KNOWN),
        "do": "save",
    },
    "/mentions/correct": {"to": f"{COMPLAINT}.positive"},
    "/accuracy": {"rev": "1", "do": "back"},
    "/noise/block": {"kind": "site", "site": "farm.example", "why": "reclame"},
    "/noise/through": {"mention": COMPLAINT},
    "/bulk": {f"m.{COMPLAINT}": "1", "do": "neutral"},
    "/cases/{slug}/holding": {"rev": "1", "text": HOLDING},
    "/cases/{slug}/correct": {"reply": "1", "correction": "@regenjas42 Het boek ligt klaar."},
    "/cases/{slug}/take-back": {"reply": "1"},
    "/cases/{slug}/approval": {"rev": "1", "to": ADA},
    "/drills": {"id": "0123456789abcdef", "lines": "marit: Wat een puinhoop!", "hours": "2"},
    "/standing": {
        "id": "0123456789abcdef",
        "department": "uitlening",
        "on.mastodon": "1",
        "text.nl": "Wij antwoorden {when}. Sam, bibliotheek van Veldermeer",
        "until": "2026-12-24",
    },
    "/cases/{slug}/snooze": {"rev": "1", "until": "2026-11-23T09:30"},
    "/cases/{slug}/merge": {"rev": "1", "other": PRESS},
    "/cases/{slug}/split": {"rev": "1", "other": PRESS},
    "/cases/{slug}/labels": {"label": "boete"},
    "/cases/{slug}/model": {"rev": "1", "text": ""},
    "/cases/{slug}/put": {"rev": "1", "text": "", "put": "open.1"},
    "/cases/{slug}/note": {"note": "Bel haar eerst"},
    "/promises/{slug}": {"rev": "1", "do": "keep"},
    "/cases/{slug}/hand": {"rev": "1", "department": "jeugd", "reason": "Het gaat over jeugdboeken"},
}
"""What a deed asks for that is not in `FORM`."""
PROMISE = PromiseKey(CaseKey.from_slug(COMPLAINT), 1, 1)
REAL = {
    "/knowledge/{id}": "/knowledge/open",
    "/noise/block": f"/noise/block?mention={COMPLAINT}",
    "/team/{id}": f"/team/{NOOR}",
    "/team/{id}/role": f"/team/{NOOR}/role",
    "/team/{id}/invitation": f"/team/{NOOR}/invitation",
    "/team/{id}/access": f"/team/{NOOR}/access",
    "/people/{id}": "/people/follow-1",
    "/reports/{month}": "/reports/2026-09",
    "/reports/{month}/{file}": "/reports/2026-10/report.html",
    "/status/{queue}": "/status/deliver",
    "/sources/watches/{watch}": "/sources/watches/new",
    "/sources/{source}": "/sources/krant",
    "/sources/{source}/refused": "/sources/winkel/refused",
    "/sources/{source}/secret": "/sources/krant/secret",
    "/connect/{section}/{entry}": "/connect/channels/mastodon",
    "/connect/back/{where}": "/connect/back/mastodon",
    "/brand/{section}": "/brand/mail",
    "/brand/{section}/{entry}": "/brand/goals/new",
    "/brand/{section}/{entry}/secret": "/brand/channels/mastodon/secret",
    "/team/keys/{id}/revoke": "/team/keys/k1/revoke",
    "/drills/{id}": "/drills/d1",
    "/drills/{id}/end": "/drills/d1/end",
    "/standing/{id}": "/standing/s1",
    "/standing/{id}/second": "/standing/s1/second",
    "/standing/{id}/revoke": "/standing/s1/revoke",
    "/brand/webhooks/{id}": "/brand/webhooks/w-1",
    "/promises/{slug}": f"/promises/{PROMISE.slug}",
    "/people/{platform}/{author}": people.path("mastodon", "regenjas42"),
    "/alerts/{brand}/{id}": "/alerts/veldermeer/20261123T080500000-uitlening.negative",
}
"""An address that is there, where it is not made of `real`'s case, post and channel."""
STATES = {"/posts/{id}/release": DeliveryState.HELD, "/posts/{id}/remove": DeliveryState.CONFIRMED}
STATES["/posts/{id}/edit"] = DeliveryState.CONFIRMED
"""In which a post must be for it; planned for all others."""
TOLD = {"/bulk"}
"""POSTs that answer with a page that tells what became of each row."""
UNCHANGED = {"/calendar/count", "/me/second-factor"}
"""POSTs that change nothing yet and answer with what was asked."""
SHOWS = {*UNCHANGED, "/brand/webhooks", "/team/keys", "/connect/{section}/{entry}"}
"""POSTs that answer with a page: what this one makes is shown once, or leads on."""
HERE, ELSEWHERE = BRAND.id, "overveen"
API_KEY = ApiKey(
    brand=HERE, id="k1", name="Planner", scope=Scope.READ, hash="", by="Noor", by_id="2", made_at=NOW
)


@dataclass(frozen=True)
class Place:
    """A route of the app, as it can be asked for in a world that was made ready for it."""

    method: str
    route: str
    path: str

    def ask(self, browser: Browser, brand: str = "") -> tuple[int, str]:
        """Status and page; said to be for this brand, where one is named."""
        if self.method == "GET":
            path = self.path + f"?brand={brand}" * bool(brand)
            answer = browser.get(path)
        else:
            form = FORMS.get(self.route, FORM) | ({"brand": brand} if brand else {})
            answer = browser.post(self.path, form)
        return answer.status_code, answer.body.decode("utf-8", "replace")


def place(world: World, method: str, route: str) -> Place:
    """Make the world ready for this route."""
    world.mornings.add(morning(FOLLOW))
    world.bucket.put_once("veldermeer/2026-10/report.html", b"x", "text/html")
    shown = Album(bucket=world.bucket, takes=world.images).take_in(HERE, PNG)
    world.sources.put(PAPER)
    if route == "/sources/{source}/refused":
        world.sources.put(SHOP)
    world.outside.feeds[FEED] = world.outside.feeds[OTHER_FEED] = ()
    world.notices.keep(notice())
    key = world.post("Voorlezen", "2026-11-28T15:00", STATES.get(route, DeliveryState.PLANNED))
    world.api_keys.kept[HERE, "k1"] = API_KEY
    if route == "/brake/release":
        world.posts.deliveries.clear()
        world.brakes.pull(key.brand, "Noor", world.now)
    hook = Hook(brand=HERE, id="w-1", url="https://example.org", kinds=KINDS, made_at=NOW, made_by="Noor")
    world.hooks.add(hook)
    if route == "/promises/{slug}":
        world.cases.promises[PROMISE] = promised()
    standing(world)
    if (method, route) != ("POST", "/drills"):
        drill(world)
    if route == "/noise/through":
        of = CaseKey.from_slug(COMPLAINT)
        mention, verdict = world.mentions.get(MentionKey(of.brand, of.platform, of.root))
        world.mentions.kept[mention.key] = (replace(mention, held="links 9 11"), verdict)
        world.mentions.states[mention.key] = "noise"
    if route == "/cases/{slug}/holding":
        closed(world)
    if route in ("/cases/{slug}/correct", "/cases/{slug}/take-back"):
        world.sent(world.cases.get(CaseKey.from_slug(COMPLAINT)), DeliveryState.CONFIRMED)
    if route == "/cases/{slug}/model":
        drafter = Drafter(by="bedrock", model="m", a_day=9)
        world.brands.put(replace(world.brands.kept[HERE], drafter=drafter))
    if route == "/connect/{section}/{entry}":
        connectable(world)
    if (method, route) == ("POST", "/costs"):
        world.brands.put(replace(world.brands.kept[HERE], budget=5_000_000))
    if route == "/cases/{slug}/approval":
        drafted(world)
    if route == "/mentions/{slug}/part":
        world.copied(PRESS, COMPLAINT)
    if route == "/cases/{slug}/reopen":
        waits = CaseKey.from_slug(COMPLAINT)
        world.cases.kept[waits] = replace(world.cases.kept[waits], state=CaseState.SOLVED, answered_at=NOW)
    if route == "/cases/{slug}/split":
        into, part = CaseKey.from_slug(COMPLAINT), CaseKey.from_slug(PRESS)
        world.cases.kept[into] = replace(world.cases.kept[into], joined=(part,))
        world.cases.kept[part] = replace(world.cases.kept[part], into=into)
    world.team.kept[HERE, NOOR] = grant(world, "reader")
    taught(world)
    knows(world, KNOWN)
    if route == "/me/second-factor/remove":
        world.users.factors.add("sam@veldermeer.example")
    names = {
        "slug": COMPLAINT,
        "channel": "proefkanaal",
        "id": key.id,
        "unknown": "nergens",
        "file": "x",
        "name": shown.name,
        "token": "x.y",
    }
    return Place(method, route, REAL.get(route, route).format_map(names))


def notice() -> Notice:
    """Of two things, so that it has a page of its own."""
    at = NOW - timedelta(minutes=7)
    return Notice(
        brand=HERE,
        id=notice_id(at, "uitlening.negative"),
        at=at,
        bell="uitlening.negative",
        subject="2 zaken voor Uitlening",
        cases=(CaseKey.from_slug(COMPLAINT),),
        surges=(Surge(HERE, at, 40, 4, 31, 1),),
        hushes=(Hush(brand=HERE, source="krant", kind="silent", since=at, name="Krant"),),
        reached=("mail", "chat:Noor"),
    )


def promised() -> Promise:
    return Promise(
        key=PROMISE,
        rev=1,
        state=PromiseState.OPEN,
        passage="We bellen u vandaag.",
        due=NOW + timedelta(hours=6),
        dated=True,
        department="uitlening",
        author="regenjas42",
        by="Noor",
        by_id="noor",
        at=NOW - timedelta(hours=1),
    )


def drill(world: World) -> Drill:
    """Noor's, which runs, with an alert that told of it."""
    made = Drill(
        brand=HERE,
        id="d1",
        lines=(Line("marit", "Wat een puinhoop bij de Bibliotheek!"), Line("jan", "Klopt dat?")),
        started_at=NOW - timedelta(minutes=20),
        until=NOW + timedelta(hours=1),
        by="Noor",
    )
    world.drills.add(made)
    return made


def connectable(world: World) -> None:
    """The network of a channel, which made a client for us before."""
    brand, there = world.brands.kept[HERE], {"instance": "https://social.example", "account": "bieb"}
    channels = tuple(
        replace(each, settings=there) if each.id == "mastodon" else each for each in brand.channels
    )
    world.brands.put(replace(brand, channels=channels))
    host = blake2s(b"social.example", digest_size=6).hexdigest()
    made = f"https://social.example/oauth/authorize http://{HOST}/connect/back/mastodon-{host}"
    world.secrets.put(f"channelapp/{HERE}/mastodon", {"client_id": "c", "client_of": made})


def standing(world: World) -> StandingApproval:
    """Noor's, which waits for nobody, of a department that could do with a second signature."""
    approval = StandingApproval(
        brand=HERE,
        id="s1",
        department="uitlening",
        channels=("mastodon",),
        texts={"nl": "Wij antwoorden {when}. Noor, Bibliotheek Veldermeer"},
        until=NOW + timedelta(days=30),
        signed_by="Noor",
        signed_by_id=NOOR,
        signed_at=NOW - timedelta(hours=1),
    )
    world.standing.add(approval)
    return approval


def closed(world: World) -> None:
    """The lending desk opens at half past nine, and has a holding reply of its own."""
    brand = world.brands.kept[HERE]
    desk, *others = brand.departments
    text = Template(id="h", language="nl", when="holding", text="{author} Wij antwoorden {when}. {agent}")
    later = replace(desk, hours={"mon": ("09:30-17:00",)})
    world.brands.kept[HERE] = replace(brand, departments=(later, *others), templates=(*brand.templates, text))


def drafted(world: World) -> None:
    """Noor wrote the complaint's draft, and the brand sends mail."""
    waits = CaseKey.from_slug(COMPLAINT)
    case = world.cases.kept[waits]
    assert case.draft
    text = "@regenjas42 Het boek ligt klaar. Noor van Bibliotheek Veldermeer"
    world.cases.kept[waits] = replace(case, draft=replace(case.draft, text=text, by="Noor", by_id=NOOR))
    world.brands.kept[HERE] = replace(world.brands.kept[HERE], mail_from="wij@veldermeer.example")


def taught(world: World) -> None:
    """What a morning's corrections taught counts."""
    scores = {
        "negative": Score(cases=12, before=5, gained=4),
        "positive": Score(cases=31, before=9, gained=14),
    }
    delta = Delta(
        brand=HERE,
        judge="tables-5",
        day="2026-11-23",
        until=NOW - timedelta(hours=9),
        taught={"nl": Taught()},
        measured={"nl": Measured(classes=scores), "en": Measured(classes={"neutral": Score(cases=1)})},
    )
    world.deltas.kept = [delta, replace(delta, day="2026-11-20"), replace(delta, day="2026-11-19", taught={})]
    world.deltas.standing = Lessons(
        rev=1, live=delta.version, until=delta.until, judge="tables-5", said=NOW - timedelta(days=1)
    )


def knows(world: World, *pages: Page) -> None:
    """The brand knows these pages and no others."""
    for page in pages:
        world.library.keep(HERE, page)
    known = Known(rev=world.known_pages.of(HERE).rev + 1, pages={page.id: digest(page) for page in pages})
    world.known_pages.settle(HERE, known)


def in_role(browser: Browser, world: World, groups: tuple[str, ...]) -> Browser:
    """Sam in these groups, which hold at every brand."""
    world.users.valid["id-sam"] = replace(world.users.valid["id-sam"], groups=groups)
    return browser


def granted(
    browser: Browser,
    world: World,
    role: str,
    *departments: str,
    brand: str = HERE,
    also: tuple[str, ...] = (),
) -> Browser:
    """Sam in this role at one brand, in some departments if any are named."""
    world.team.kept[brand, SAM] = grant(world, role, *departments, brand=brand, user=SAM)
    return in_role(browser, world, also)


def grant(world: World, role: str, *departments: str, brand: str = HERE, user: str = NOOR) -> Grant:
    name = world.colleagues.kept[user].name
    return Grant(
        brand=brand,
        user=user,
        name=name,
        email=world.colleagues.kept[user].email,
        role=Role(role),
        departments=departments,
        since=world.now,
    )


def allowed(role: str, lowest: str) -> bool:
    return bool(role) and Role(role).includes(Role(lowest))


def state(world: World) -> object:
    """Everything that a deed may change."""
    cases = (
        world.cases.kept,
        world.cases.events,
        world.cases.promises,
        world.lines,
        world.mood,
        world.tasks.sent,
    )
    posts = (world.posts.kept, world.posts.deliveries, world.brakes.kept)
    accounts = (world.users.factors, world.colleagues.kept, world.colleagues.mailed)
    people = (world.team.kept, accounts, world.audit.lines, world.notices.of, world.mail.sent)
    more = (world.mornings.kept, world.asked, world.pipes.redriven, world.brands.kept, world.hooks.kept)
    heard = (
        world.mentions.parted,
        world.sources.kept,
        world.secrets.kept,
        world.api_keys.kept,
        world.deltas.standing,
        world.ledger.kept,
    )
    return deepcopy((cases, posts, people, more, heard))
