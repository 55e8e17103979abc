"""The door: every request for a page comes in here and every answer goes out here (`leaving.py`).

In: read the request; for a form, prove that it is ours; find out who it is and what they may (`arrival.py`).
Out: render, set cookies and headers. Errors become pages in plain words with a reference; what
happened goes to the log by type and place, never with its message: that may hold what a person wrote.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from chalice.app import Response

from chalicelib.domain.brand import Brand
from chalicelib.domain.roles import Deed
from chalicelib.errors import BadInput, Conflict, Forbidden, NotFound, TooLarge
from chalicelib.ports import Brake
from chalicelib.web import fault, leaving, render, session
from chalicelib.web.arrival import Nobody, arrive
from chalicelib.web.desk import Desk
from chalicelib.web.i18n import LANGUAGES, Words, choose
from chalicelib.web.leaving import Headers, note
from chalicelib.web.request import Request, read, with_form
from chalicelib.web.visit import Away, Data, File, Go, Outcome, Page, Picture, Visit, Work

BACK = "/connect/back/"
THEMES = ("auto", "light", "dark")
AS_IT_IS: Headers = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Of what its name is made of: it never becomes another, and nothing in it is run."""


class Door:
    """One request on its way through. `desk` is asked for once the request is known to be sound."""

    def __init__(self, raw: Any, desk: Callable[[], Desk]) -> None:
        self._raw = raw
        self._desk = desk
        self._cookies: list[str] = []
        self._visit: Visit | None = None

    def closed(
        self,
        work: Work,
        *path: str,
        deed: Deed = Deed.ANSWER,
        look: Deed = Deed.READ,
        braked: Deed | None = None,
        page: bool = True,
    ) -> Response:
        """A page for who may look, a POST for who may do this deed; others sign in, or are refused.

        `braked`: what it takes while the brake is on, if that is more. `page` False: the answer is none, so
        it does not ask for the brake, nor does it change which brand this browser is at.
        """

        def enter(request: Request) -> Response:
            needs = deed if request.method == "POST" else look
            return self._with_session(request, work, path, needs, braked, page)

        return self._guarded(enter)

    def open(self, work: Callable[[Request, Desk, Words], tuple[Outcome, tuple[str, ...]]]) -> Response:
        """A step of signing in: answers without a session, and may begin one."""
        return self._guarded(lambda request: self._without_session(request, work))

    def leave(self) -> Response:
        """End the session, here and at the user pool."""
        return self._guarded(self._leave)

    def _guarded(self, enter: Callable[[Request], Response]) -> Response:
        request: Request | None = None
        try:
            request = read(self._raw)
            if request.method == "POST":
                request = with_form(request, self._raw.raw_body)
                if not session.is_ours(request):
                    return self._fault(request, 403)
            return enter(request)
        except NotFound:
            return self._fault(request, 404)
        except Nobody:
            return self._fault(request, 403, refused="nobody")
        except Forbidden:
            return self._fault(request, 403, refused="role")
        except Conflict:
            return self._fault(request, 409)
        except TooLarge:
            return self._fault(request, 413)
        except BadInput:
            return self._fault(request, 400)
        except Exception as error:
            note(request, error)
            return self._fault(request, 500)

    def _with_session(
        self,
        request: Request,
        work: Work,
        path: tuple[str, ...],
        needs: Deed,
        braked: Deed | None,
        page: bool,
    ) -> Response:
        arrived = arrive(request, self._desk(), self._language, needs=needs, page=page)
        if arrived is None:
            if request.method == "POST":
                return self._fault(request, 401)
            return self._go(request, f"/sign-in?next={_quoted(request)}")
        self._cookies += arrived.cookies
        visit = self._visit = arrived.visit
        if not visit.brand.id and request.path != "/welcome":
            return self._begin(request, visit)
        if not visit.may(needs):
            raise Forbidden(needs.value)
        if braked and visit.brake and not visit.may(braked):
            return self._fault(request, 403, refused="brake")
        return self._answer(request, work(visit, *path))

    def _begin(self, request: Request, visit: Visit) -> Response:
        """Nothing was set up yet: who may is led to the guide."""
        if visit.may(Deed.GOVERN):
            return self._go(request, "/welcome")
        return self._fault(request, 404, refused="unset")

    def _leave(self, request: Request) -> Response:
        desk = self._desk()
        if session.of(request, desk.users, desk.now()) is None:
            return self._fault(request, 401)
        if kept := request.cookie("refresh"):
            desk.users.sign_out(kept)
        self._cookies += session.end(request)
        return self._go(request, "/sign-in")

    def _without_session(
        self, request: Request, work: Callable[[Request, Desk, Words], tuple[Outcome, tuple[str, ...]]]
    ) -> Response:
        desk = self._desk()
        words = self._plain_words(request)
        outcome, cookies = work(request, desk, words)
        self._cookies += cookies
        return self._answer(request, outcome)

    def _language(self, request: Request, spoken: tuple[str, ...] = ()) -> str:
        wished = request.query.get("lang", "")
        if wished in LANGUAGES:
            self._cookies.append(session.cookie(request, "lang", wished, age=session.YEAR))
        kept = wished if wished in LANGUAGES else request.cookie("lang")
        return choose(kept, request.headers.get("accept-language", ""), spoken)

    def _theme(self, request: Request) -> str:
        """Light, dark, or "" for as the reader's machine is; kept when it was chosen just now."""
        wished = request.query.get("theme", "")
        if wished in THEMES:
            self._cookies.append(session.cookie(request, "theme", wished, age=session.YEAR))
        chosen = wished or request.cookie("theme")
        return chosen if chosen in ("light", "dark") else ""

    def _plain_words(self, request: Request) -> Words:
        """Where there is no brand to set the clock by."""
        return Words(self._language(request), "UTC", datetime.now(UTC))

    # going out ------------------------------------------------------------------------------------

    def _answer(self, request: Request, outcome: Outcome) -> Response:
        if isinstance(outcome, Go):
            return self._go(request, outcome.path)
        if isinstance(outcome, Away):
            return self._response(303, b"", request, {"Location": outcome.url})
        if isinstance(outcome, File):
            saved = f'attachment; filename="{outcome.name}"'
            return self._response(
                200, outcome.body, request, {"Content-Type": outcome.kind, "Content-Disposition": saved}
            )
        if isinstance(outcome, Picture):
            return self._response(200, outcome.body, request, {"Content-Type": outcome.kind, **AS_IT_IS})
        if isinstance(outcome, Data):
            body = json.dumps(outcome.values).encode()
            return self._response(200, body, request, {"Content-Type": "application/json"})
        return self._page(request, outcome)

    def _go(self, request: Request, path: str) -> Response:
        return self._response(303, b"", request, {"Location": request.prefix + path})

    def _page(self, request: Request, page: Page) -> Response:
        token, fresh = session.form_token(request)
        self._cookies += fresh
        visit = self._visit
        brand = page.brand or (visit.brand if visit else None)
        words = (
            Words(visit.words.language, brand.zone, visit.now)
            if visit and brand
            else self._plain_words(request)
        )
        values = {
            "csrf": token,
            "theme": self._theme(request),
            "prefix": request.prefix,
            "here": request.path if request.method == "GET" else "/",
            "asked": _asked(request) if request.method == "GET" else "",
            "place": page.place,
            "refresh": page.refresh,
            "brand": brand,
            "brands": visit.brands if visit else (),
            "brake": _brake(visit, brand) if visit and brand else None,
            "member": visit.member if visit else None,
            "may_change": visit is not None and visit.may(Deed.ANSWER, brand),
            "may_publish": visit is not None and visit.may(Deed.PUBLISH, brand),
            "may_brake": visit is not None and visit.may(Deed.BRAKE, brand),
            "may_upkeep": visit is not None and visit.may(Deed.UPKEEP, brand),
            "may_team": visit is not None and visit.may(Deed.TEAM, brand),
            "may_manage": visit is not None and visit.may(Deed.MANAGE, brand),
            "may_govern": visit is not None and visit.may(Deed.GOVERN, brand),
            **page.values,
        }
        return self._response(page.status, render.html(page.template, values, words), request, {})

    def _fault(self, request: Request | None, status: int, *, refused: str = "") -> Response:
        """An error in plain words; in the shell where there is one. Needs nothing that may have failed.

        `refused` as `fault.values` has it.
        """
        values = fault.values(request, status, refused)
        if request is None:
            return self._bare(values)
        try:
            return self._page(request, Page(template="fault.html", place="", values=values, status=status))
        except Exception as error:
            note(request, error)
            return self._bare(values)

    def _bare(self, values: Mapping[str, Any]) -> Response:
        body = f"{values['status']}. Nothing was sent. Reference {values['reference'] or '-'}.\n".encode()
        return leaving.response(int(values["status"]), body, {"Content-Type": "text/plain; charset=utf-8"})

    def _response(self, status: int, body: bytes, request: Request, more: Headers) -> Response:
        cookies: Headers = {"Set-Cookie": list(dict.fromkeys(self._cookies))} if self._cookies else {}
        return leaving.response(status, body, {**more, **cookies}, secure=request.secure)


def _brake(visit: Visit, brand: Brand) -> Brake | None:
    """As it was read with the visit; asked anew where a page is of another brand."""
    return visit.brake if brand == visit.brand else visit.desk.brakes.get(brand.id)


def _quoted(request: Request) -> str:
    from urllib.parse import quote

    asked = _asked(request)
    return quote(request.path + (f"?{asked}" if asked else ""), safe="")


def _asked(request: Request) -> str:
    """The query, but for what is kept of it; nothing of what a network sent back, which is in no link."""
    from urllib.parse import urlencode

    if request.path.startswith(BACK):
        return ""

    return urlencode({name: value for name, value in request.query.items() if name not in ("lang", "theme")})
