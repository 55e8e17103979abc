"""Routes of the daily work beside the pages themselves: verdicts, cases handed on, people."""

from chalice.app import Blueprint, Response

from chalicelib.domain.deed import Deed
from chalicelib.web.routes import FORM, door

work = Blueprint(__name__)


@work.route("/mentions/correct", methods=["POST"], content_types=FORM)
def correct() -> Response:
    from chalicelib.web.pages import verdict

    return door(work).closed(verdict.correct)


@work.route("/accuracy")
def accuracy() -> Response:
    from chalicelib.web.pages import accuracy

    return door(work).closed(accuracy.show)


@work.route("/accuracy", methods=["POST"], content_types=FORM)
def act_on_taught() -> Response:
    from chalicelib.web.pages import accuracy

    return door(work).closed(accuracy.act, deed=Deed.MANAGE)


@work.route("/bulk", methods=["POST"], content_types=FORM)
def bulk() -> Response:
    from chalicelib.web.pages import bulk

    return door(work).closed(bulk.act)


@work.route("/cases/next", methods=["POST"], content_types=FORM)
def give_next() -> Response:
    from chalicelib.web.pages import give

    return door(work).closed(give.act)


@work.route("/cases/{slug}/hand", methods=["POST"], content_types=FORM)
def hand_over(slug: str) -> Response:
    from chalicelib.web.pages import deeds

    return door(work).closed(deeds.hand_over, slug)


@work.route("/cases/{slug}/take", methods=["POST"], content_types=FORM)
def take(slug: str) -> Response:
    from chalicelib.web.pages import claims

    return door(work).closed(claims.take, slug)


@work.route("/cases/{slug}/snooze", methods=["POST"], content_types=FORM)
def snooze(slug: str) -> Response:
    from chalicelib.web.pages import claims

    return door(work).closed(claims.snooze, slug)


@work.route("/cases/{slug}/note", methods=["POST"], content_types=FORM)
def note(slug: str) -> Response:
    from chalicelib.web.pages import claims

    return door(work).closed(claims.note, slug)


@work.route("/cases/{slug}/reopen", methods=["POST"], content_types=FORM)
def reopen(slug: str) -> Response:
    from chalicelib.web.pages import deeds

    return door(work).closed(deeds.reopen, slug)


@work.route("/people/met")
def met() -> Response:
    from chalicelib.web.pages import met

    return door(work).closed(met.show)


@work.route("/people/{platform}/{author}")
def person(platform: str, author: str) -> Response:
    from chalicelib.web.pages import person

    return door(work).closed(person.show, platform, author)
