"""Everything that the console shows and does, beside the operations that do it: none is forgotten."""

import re
from pathlib import Path

from chalicelib.web.operations import OPERATIONS
from tests.web.access import KEY, OPEN, ROUTES

TEMPLATES = Path(__file__).parents[3] / "chalicelib" / "web" / "templates"
OWN = "one's own account: a key is of a program, and has no password to prove"
WHOLE = "of the whole installation, or of every brand: a key is of one brand"
PERSON = "who has a role at every brand is said by a person: a lost key would make itself the way in to all"
SIGNS = "a standing approval is a person's own yes: nobody signs one with a key"
FORM = "a form to fill in: a program has what it sends"

DONE: dict[str, tuple[str, ...] | str] = {
    # what is seen
    "GET /": ("cases_browse", "calendar_browse", "people_get", "health_get", "brake_waiting"),
    "GET /mentions": ("mentions_browse", "mentions_get"),
    "GET /cases": ("cases_browse", "cases_closed"),
    "GET /cases/{slug}": (
        "cases_get",
        "reply_trials_reply",
        "cases_history",
        "replies_browse",
        "replies_get",
        "mentions_get",
        "promises_of_case",
        "replies_holding",
    ),
    "GET /promises": ("promises_browse", "promises_get"),
    "GET /cases/{slug}/known": ("knowledge_fitting",),
    "GET /drills": ("drills_browse",),
    "GET /drills/{id}": ("drills_get", "drills_figures"),
    "GET /standing": ("standing_browse",),
    "GET /standing/{id}": ("standing_get", "standing_sent"),
    "GET /people": ("people_browse", "people_get", "people_fans"),
    "GET /people/met": ("met_browse",),
    "GET /people/{platform}/{author}": ("met_get",),
    "GET /sources": ("sources_browse",),
    "GET /sources/{source}": ("sources_get", "settings_get_entry"),
    "GET /sources/{source}/refused": ("sources_refusals",),
    "GET /sources/watches/{watch}": ("settings_get_entry",),
    "GET /brand": ("brands_get", "settings_get", "settings_browse"),
    "GET /brand/file": ("brandfiles_get",),
    "GET /brand/{section}/{entry}": ("settings_get_entry",),
    "GET /sandbox/{channel}": ("sandboxes_get",),
    "GET /calendar": ("calendar_browse", "calendar_free", "posts_browse"),
    "GET /posts/{id}": ("posts_get", "posts_history", "posts_measurements"),
    "GET /brake": ("brake_get", "brake_waiting"),
    "GET /reports": ("reports_browse",),
    "GET /reports/{month}": ("reports_get",),
    "GET /reports/{month}/{file}": ("reports_link",),
    "GET /alerts": ("alerts_browse",),
    "GET /alerts/{brand}/{id}": ("alerts_get",),
    "GET /roster": ("roster_get", "roster_now"),
    "GET /status": ("health_get", "health_queues", "health_queue"),
    "GET /accuracy": ("accuracy_get",),
    "GET /unheard": ("unheard_browse",),
    "GET /audit": ("log_browse",),
    "GET /brand/webhooks": ("webhooks_browse",),
    "GET /brand/webhooks/{id}": ("webhooks_get", "webhooks_calls"),
    "GET /knowledge": ("knowledge_browse",),
    "GET /knowledge/{id}": ("knowledge_get",),
    "GET /team": ("team_browse",),
    "GET /team/{id}": ("team_get",),
    "GET /team/keys": ("keys_browse", "keys_get"),
    "GET /cases/{slug}/ask": ("claims_colleagues",),
    "GET /cases/{slug}/merge": ("met_get",),
    # what is done, by the value of `do` where a form has several
    "POST /cases/{slug}/reply send": ("replies_approve",),
    "POST /cases/{slug}/reply save": ("cases_save_draft",),
    "POST /cases/{slug}/solve answered": ("cases_solve",),
    "POST /cases/{slug}/solve close": ("cases_solve",),
    "POST /cases/{slug}/hand": ("cases_hand_over",),
    "GET /cases/{slug}/approval": ("team_browse",),
    "POST /cases/{slug}/approval": ("asking_ask",),
    "POST /cases/{slug}/holding": ("replies_hold_off",),
    "POST /drills": ("drills_start",),
    "POST /drills/{id}/end": ("drills_end",),
    "POST /standing": SIGNS,
    "POST /standing/{id}/second": SIGNS,
    "POST /standing/{id}/revoke": ("standing_revoke",),
    "POST /cases/next": ("giving_take_next",),
    "POST /cases/{slug}/take take": ("claims_take",),
    "POST /cases/{slug}/take lay_down": ("claims_lay_down",),
    "POST /cases/{slug}/snooze": ("claims_snooze",),
    "POST /cases/{slug}/note": ("claims_note",),
    "POST /cases/{slug}/merge": ("claims_merge",),
    "POST /cases/{slug}/split": ("claims_split",),
    "POST /cases/{slug}/labels": ("claims_change_labels",),
    "POST /cases/{slug}/reopen": ("cases_reopen",),
    "POST /promises/{slug} keep": ("promises_keep",),
    "POST /promises/{slug} move": ("promises_move",),
    "POST /promises/{slug} drop": ("promises_drop",),
    "POST /cases/{slug}/model": ("knowledge_let_model_draft",),
    "POST /cases/{slug}/put": ("knowledge_put", "knowledge_put_snippet", "knowledge_put_answered"),
    "POST /mentions/correct": ("mentions_correct",),
    "GET /mentions/{slug}/copies": ("copies_browse",),
    "POST /mentions/{slug}/part": ("copies_part",),
    "POST /accuracy back": ("accuracy_take_back",),
    "POST /accuracy count": ("accuracy_let_count",),
    "POST /bulk solve": ("bulk_act",),
    "POST /bulk hand": ("bulk_act",),
    "POST /bulk take": ("bulk_act",),
    "POST /bulk label": ("bulk_act",),
    "POST /bulk unlabel": ("bulk_act",),
    "POST /bulk snooze": ("bulk_act",),
    "POST /people/{id} done": ("people_act",),
    "POST /people/{id} pass": ("people_act",),
    "POST /sources/new look": ("trials_source",),
    "POST /sources/new save": ("settings_add",),
    "POST /sources/watches/{watch} try": ("trials_watch",),
    "POST /sources/watches/{watch} save": ("settings_add", "settings_change_entry"),
    "POST /sources/watches/{watch} remove": ("settings_remove",),
    "POST /sources/{source} save": ("settings_change_entry",),
    "POST /sources/{source} pause": ("settings_change_entry",),
    "POST /sources/{source} resume": ("settings_change_entry",),
    "POST /sources/{source} ask": ("sources_poll",),
    "POST /sources/{source} remove": ("settings_remove",),
    "POST /sources/{source}/secret set": ("entry_secrets_put",),
    "POST /sources/{source}/secret remove": ("entry_secrets_remove",),
    "POST /sources/{source}/secret end": ("entry_secrets_end_old",),
    "POST /brand/import look": ("trials_file",),
    "POST /brand/import keep": ("brandfiles_replace",),
    "POST /brand/{section}": ("settings_change",),
    "POST /brand/{section}/{entry} save": ("settings_add", "settings_change_entry"),
    "POST /brand/{section}/{entry} remove": ("settings_remove",),
    "POST /brand/{section}/{entry}/secret set": ("entry_secrets_put",),
    "POST /brand/{section}/{entry}/secret remove": ("entry_secrets_remove",),
    "POST /sandbox/{channel}/say": ("sandboxes_say",),
    "POST /sandbox/{channel}/mood": ("sandboxes_set_mood",),
    "POST /calendar/new plan": ("posts_plan",),
    "POST /calendar/new check": ("trials_post",),
    "POST /calendar/count": ("trials_texts",),
    "POST /calendar/import look": ("trials_imported",),
    "POST /calendar/import plan": ("imports_plan",),
    "POST /posts/{id}/change": ("posts_change",),
    "POST /posts/{id}/cancel": ("posts_cancel",),
    "POST /posts/{id}/release now": ("posts_release",),
    "POST /posts/{id}/release later": ("posts_release",),
    "POST /posts/{id}/remove": ("posts_remove",),
    "POST /brake": ("brake_pull",),
    "POST /brake/release": ("brake_release",),
    "POST /reports/{month}": ("reports_ask",),
    "POST /status/{queue}": ("health_redrive",),
    "POST /brand/webhooks": ("webhooks_add",),
    "POST /brand/webhooks/{id} test": ("webhooks_test",),
    "POST /brand/webhooks/{id} resend": ("webhooks_resend",),
    "POST /brand/webhooks/{id} rotate": ("webhooks_rotate",),
    "POST /brand/webhooks/{id} pause": ("webhooks_pause",),
    "POST /brand/webhooks/{id} resume": ("webhooks_resume",),
    "POST /brand/webhooks/{id} remove": ("webhooks_remove",),
    "POST /knowledge/{id} save": ("knowledge_add", "knowledge_change"),
    "POST /knowledge/{id} remove": ("knowledge_remove",),
    "POST /knowledge/{id} preview": "a page that is kept comes with its answers",
    "POST /roster add": ("roster_replace",),
    "POST /roster remove": ("roster_replace",),
    "POST /roster copy": ("roster_get", "roster_replace"),
    "POST /team/invite here": ("team_invite",),
    "POST /team/invite everywhere": PERSON,
    "POST /team/{id}/role here": ("team_set_role",),
    "POST /team/{id}/role everywhere": PERSON,
    "POST /team/{id}/invitation": ("team_remind",),
    "POST /team/{id}/access disable": ("team_disable",),
    "POST /team/{id}/access enable": ("team_enable",),
    "POST /team/{id}/access sign-out": ("team_sign_out",),
    "POST /team/keys": ("keys_make",),
    "POST /team/keys/{id}/revoke": ("keys_revoke",),
    # what is not for a program
    "POST /sign-out": OWN,
    "GET /me": OWN,
    "GET /me/alerts": OWN,
    "POST /me/alerts": OWN,
    "POST /me/second-factor": OWN,
    "POST /me/second-factor/code": OWN,
    "POST /me/second-factor/remove": OWN,
    "POST /me/sign-out": OWN,
    "GET /welcome": WHOLE,
    "POST /welcome skip": WHOLE,
    "POST /welcome save": "the first brand, without which there is no key; its other steps are settings_add",
    "GET /sources/new": FORM,
    "GET /brand/import": FORM,
    "GET /calendar/new": FORM,
    "GET /calendar/import": FORM,
    "GET /posts/{id}/change": FORM,
    "GET /team/invite": FORM,
    "GET /{unknown}": "says that there is no such page",
}
"""By method and route, and by what the form says to do: the operations that do it, or why none does."""


def test_everything_the_console_does_has_its_operation_or_a_reason() -> None:
    there = {f"{method} {route}" for (method, route), who in ROUTES.items() if who != OPEN and KEY not in who}
    told = {" ".join(row.split()[:2]) for row in DONE}
    assert there - told == set(), "make an operation of it, or give the reason why not"
    assert told - there == set()


def test_every_operation_that_is_named_is_there_and_every_one_there_is_named() -> None:
    named = {each for row in DONE.values() if isinstance(row, tuple) for each in row}
    assert named - {each.id for each in OPERATIONS} == set()
    assert {each.id for each in OPERATIONS} - named == {"brands_browse"}, "the brand that a key is for"


def test_every_button_that_says_what_to_do_is_in_the_list() -> None:
    pages = "".join(page.read_text() for page in TEMPLATES.glob("*.html"))
    deeds = set(re.findall(r'name="do" value="([a-z-]+)"', pages))
    assert deeds - {row.split()[2] for row in DONE if len(row.split()) > 2} == set()
