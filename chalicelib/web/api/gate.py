"""The way into the API and out of it: key, pace, brand, scope; the operation; its answer or a problem.

What one key does never shows another brand: whatever is of another one is not there (404).
"""

import json
import typing
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from chalice.app import Response
from pydantic import BaseModel, ValidationError

from chalicelib.domain import apikey
from chalicelib.domain.apikey import PER_MINUTE, ApiKey, Scope
from chalicelib.domain.roles import remaining
from chalicelib.errors import BadInput, Conflict, Forbidden, Left, NotFound
from chalicelib.ports import Member
from chalicelib.web import leaving
from chalicelib.web.access_keys import standing
from chalicelib.web.api import problem
from chalicelib.web.api.call import Call
from chalicelib.web.api.problem import Refusal, Wrong
from chalicelib.web.api.shapes import Shape, tag_of
from chalicelib.web.desk import Desk
from chalicelib.web.i18n import Words
from chalicelib.web.leaving import note
from chalicelib.web.operations import BASE, Operation, find
from chalicelib.web.request import MAX_BODY, Request, read
from chalicelib.web.visit import Visit

TOKEN_ROOM = 200
_DECOY = "0" * 64
_JSON = "application/json"


class Gate:
    """One request on its way through. `desk` is asked for once the request is known to be sound."""

    def __init__(self, raw: Any, desk: Callable[[], Desk]) -> None:
        self._raw = raw
        self._desk = desk

    def answer(self) -> Response:
        return self._guarded(self._operate)

    def tell(self) -> Response:
        """The description of it all. Nobody's secret, so no key is asked for."""
        from chalicelib.web.api import openapi

        return self._guarded(lambda request: self._json(request, 200, openapi.text(request.prefix), {}))

    def _guarded(self, enter: Callable[[Request], Response]) -> Response:
        request: Request | None = None
        try:
            request = read(self._raw)
            return enter(request)
        except Refusal as refusal:
            found = refusal
        except NotFound:
            found = Refusal(404)
        except Forbidden:
            found = Refusal(403, "It is more than this key, or who made it, may give or change.")
        except Left as error:
            found = Refusal(409, f"{str(error).capitalize()}. Correct it where it stands.")
        except Conflict:
            found = Refusal(409, "It changed meanwhile, or cannot do this now. Read it again.")
        except Exception as error:
            note(request, error)
            found = Refusal(500, "Nothing is known to have been done. Ask again.")
        return self._refused(request, found)

    # in -------------------------------------------------------------------------------------------

    def _operate(self, request: Request) -> Response:
        operation = find(request.method, request.route)
        path = dict(self._raw.uri_params or {})
        desk = self._desk()
        key = _key(request, desk)
        _pace(key, desk)
        if path.pop("brand", key.brand) != key.brand:
            raise NotFound("no such brand")
        if not key.scope.covers(Scope(operation.scope)):
            raise Refusal(403, f"It takes a key of the scope {operation.scope}.")
        if remaining(key.departments, desk.brands.get(key.brand)) is None:
            raise Refusal(403, "It is for departments that are there no more.")
        if not standing(key).may(operation.needs):
            raise Refusal(403, "It is of the whole brand, and this key of some departments.")
        given = _given(operation, request, self._raw)
        call = _call(operation, request, key, desk, given.get("body"))
        if call.asked and call.asked.outcome:
            shown = call.asked.outcome
        else:
            shown = _done(operation, call, path, given).model_dump_json()
        return self._answered(request, operation, shown, {**path, "brand": key.brand})

    # out ------------------------------------------------------------------------------------------

    def _answered(
        self, request: Request, operation: Operation, shown: str, path: Mapping[str, str]
    ) -> Response:
        kind = typing.get_type_hints(operation.function)["return"]
        headers = {"ETag": tag_of(shown, kind.once)}
        if operation.location:
            made = operation.location.format(**path, id=json.loads(shown).get("id", ""))
            headers["Location"] = f"{request.prefix}{BASE}{made}"
        if operation.method == "GET" and headers["ETag"] in _tags(request, "if-none-match"):
            return self._response(request, 304, b"", headers)
        return self._json(request, operation.status, shown.encode(), headers)

    def _json(self, request: Request, status: int, body: bytes, more: Mapping[str, str]) -> Response:
        return self._response(request, status, body, {"Content-Type": _JSON, **more})

    def _refused(self, request: Request | None, found: Refusal) -> Response:
        base = (request.prefix if request else "") + BASE
        reference = request.id if request and found.status == 500 else ""
        body = problem.body(found.status, found.detail, found.errors, reference, base)
        return self._response(request, found.status, body, {"Content-Type": problem.MEDIA, **found.headers})

    def _response(
        self, request: Request | None, status: int, body: bytes, more: Mapping[str, str]
    ) -> Response:
        return leaving.response(status, body, more, secure=request is None or request.secure)


def _done(operation: Operation, call: Call, path: Mapping[str, str], given: Mapping[str, BaseModel]) -> Shape:
    """Does what is asked. What is made is noted under its token before (`_first`), made, and what came of it
    kept with the token, in this order: from then on a repeat is told just that. After a crash in between, the
    operation finds what it made and makes nothing twice. What is refused on the first try has made nothing,
    and may be asked for again."""
    try:
        shown: Shape = operation.function(call, **path, **given)
    except (BadInput, Conflict, Forbidden, NotFound, Refusal) as error:
        if call.asked and not call.asked_again:
            call.desk.api_keys.refuse(call.key, call.token)
        if isinstance(error, BadInput):
            raise _refusal(error, given.get("body")) from None
        raise
    if call.asked:
        call.desk.api_keys.tell(call.key, call.token, shown.without_secret().model_dump_json())
    return shown


def _refusal(error: BadInput, body: BaseModel | None) -> Refusal:
    """At its field, where the body has it; what stands elsewhere is told in words."""
    if error.field == "four_eyes":
        return Refusal(403, "Who wrote a text does not approve it here.")
    if error.field == "taken":
        return Refusal(409, f"{error.message}.")
    if body is None:
        return Refusal(400, error.message)
    kind = type(body)
    named = kind.model_config.get("extra") == "allow" or error.field.partition(".")[0] in kind.model_fields
    if not named:
        return Refusal(422, error.message)
    return problem.of_input([error])


def _key(request: Request, desk: Desk) -> ApiKey:
    """Who asks. The same refusal, after the same work, whether it is unknown, wrong, revoked or expired."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    named = apikey.read(text.strip()) if scheme.lower() == "bearer" else None
    if named:
        brand, id, secret = named
        try:
            key = desk.api_keys.get(brand, id)
        except NotFound:
            key = None
        right = key.opens_with(secret) if key else apikey.same(_DECOY, secret)
        if key and right and key.works(desk.now()):
            return key
    headers = {"WWW-Authenticate": 'Bearer realm="webspin"'}
    raise Refusal(401, "Send a key that works: Authorization: Bearer wsp_...", headers=headers)


def _pace(key: ApiKey, desk: Desk) -> None:
    """Counts this request, in the table: exact, whichever Lambda it came to."""
    now = desk.now()
    if desk.api_keys.count(key, now) > PER_MINUTE:
        left = 60 - now.second
        raise Refusal(429, f"At most {PER_MINUTE} a minute of the clock.", headers={"Retry-After": str(left)})
    desk.api_keys.used(key, now)


def _given(operation: Operation, request: Request, raw: Any) -> dict[str, BaseModel]:
    """Query and body, as the models in the function's signature read them."""
    kinds = typing.get_type_hints(operation.function)
    found: dict[str, BaseModel] = {}
    if query := kinds.get("query"):
        try:
            found["query"] = query.model_validate(request.query)
        except ValidationError as error:
            raise problem.of_query(error) from None
    elif request.query:
        wrong = [Wrong(detail="is not known here", parameter=name) for name in request.query]
        raise Refusal(400, "", *wrong)
    if body := kinds.get("body"):
        if not request.headers.get("content-type", _JSON).lower().startswith(_JSON):
            raise Refusal(415)
        room = operation.room or MAX_BODY
        if len(raw.raw_body) > room:
            raise Refusal(413, f"At most {room:,} bytes.")
        try:
            found["body"] = body.model_validate_json(raw.raw_body)
        except ValidationError as error:
            raise problem.of_body(error) from None
    return found


def _call(operation: Operation, request: Request, key: ApiKey, desk: Desk, body: BaseModel | None) -> Call:
    now = desk.now()
    brand = desk.brands.get(key.brand)
    visit = Visit(
        desk=desk,
        member=Member(id=key.by_id, email="", name=key.acts_as, groups=()),
        brands=(brand,),
        brand=brand,
        words=Words("en", brand.zone, now),
        now=now,
        query=request.query,
        form={},
        standings={brand.id: standing(key)},
        prefix=request.prefix,
        origin=request.origin,
        request_id=request.id,
    )
    call = Call(visit=visit, key=key, operation=operation.id)
    if operation.of:
        call = replace(call, if_match=_named(request))
    if operation.create:
        call = _first(call, request, body)
    return call


def _named(request: Request) -> tuple[str, ...]:
    tags = _tags(request, "if-match")
    if not tags:
        wrong = Wrong(detail='the ETag that it was read with, such as "5d41..."', header="If-Match")
        raise Refusal(428, "Read it first, and send its ETag along as If-Match.", wrong)
    return tags


def _tags(request: Request, name: str) -> tuple[str, ...]:
    """The entity tags of a header; `*` and weak ones say nothing about a certain state, and match nothing."""
    return tuple(filter(None, (part.strip() for part in request.headers.get(name, "").split(","))))


def _first(call: Call, request: Request, body: BaseModel | None) -> Call:
    """Notes what is asked for under this token; refuses another thing under the same."""
    given = request.headers.get("idempotency-key", "").strip()
    if not 1 <= len(given) <= TOKEN_ROOM:
        wrong = Wrong(detail=f"1 to {TOKEN_ROOM} characters of your own choice", header="Idempotency-Key")
        raise Refusal(400, "Give what you ask for a key of its own, so that asking twice makes one.", wrong)
    token = apikey.fingerprint([call.operation, given])[:32]
    asked_for = apikey.fingerprint([request.path, body.model_dump_json() if body else ""])
    asked = call.desk.api_keys.ask(call.key, token, asked_for, call.visit.now)
    if asked.fingerprint != asked_for:
        wrong = Wrong(detail="was used for something else", header="Idempotency-Key")
        raise Refusal(422, "A new thing asks for a new Idempotency-Key.", wrong)
    call = replace(call, token=token, asked=asked)
    return replace(call, visit=replace(call.visit, request_id=call.new_id, asked=asked.at))
