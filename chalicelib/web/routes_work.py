"""Routes of the daily work beside the pages themselves: verdicts, cases handed on, people."""

from chalice.app import Blueprint, Response

from chalicelib.domain.deed import Deed
from chalicelib.web.routes import FORM, door

FILE = [*FORM, "multipart/form-data"]
work = Blueprint(__name__)


@work.route("/mentions/correct", methods=["POST"], content_types=FORM)
def correct() -> Response:
    from chalicelib.web.pages import verdict

    return door(work).closed(verdict.correct)


@work.route("/noise")
def noise() -> Response:
    from chalicelib.web.pages import noise

    return door(work).closed(noise.show)


@work.route("/noise/block")
def choose_block() -> Response:
    from chalicelib.web.pages import noise

    return door(work).closed(noise.choose, look=Deed.ANSWER)


@work.route("/noise/block", methods=["POST"], content_types=FORM)
def block() -> Response:
    from chalicelib.web.pages import noise

    return door(work).closed(noise.block)


@work.route("/noise/through", methods=["POST"], content_types=FORM)
def let_through() -> Response:
    from chalicelib.web.pages import noise

    return door(work).closed(noise.through)


@work.route("/mentions/import")
def choose_mentions() -> Response:
    from chalicelib.web.pages import mention_import

    return door(work).closed(mention_import.show)


@work.route("/mentions/import", methods=["POST"], content_types=FILE)
def import_mentions() -> Response:
    from chalicelib.web.pages import mention_import

    return door(work).closed(mention_import.take, deed=Deed.MANAGE)


@work.route("/mentions/{slug}/copies")
def copies(slug: str) -> Response:
    from chalicelib.web.pages import copies

    return door(work).closed(copies.show, slug)


@work.route("/mentions/{slug}/part", methods=["POST"], content_types=FORM)
def part(slug: str) -> Response:
    from chalicelib.web.pages import copies

    return door(work).closed(copies.part, slug)


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


@work.route("/cases/{slug}/approval")
def whom_to_ask(slug: str) -> Response:
    from chalicelib.web.pages import asking

    return door(work).closed(asking.show, slug)


@work.route("/cases/{slug}/approval", methods=["POST"], content_types=FORM)
def ask_by_mail(slug: str) -> Response:
    from chalicelib.web.pages import asking

    return door(work).closed(asking.ask, slug)


@work.route("/cases/{slug}/holding", methods=["POST"], content_types=FORM)
def hold_off(slug: str) -> Response:
    from chalicelib.web.pages import holding

    return door(work).closed(holding.send, slug)


@work.route("/cases/{slug}/correct", methods=["POST"], content_types=FORM)
def correct_reply(slug: str) -> Response:
    from chalicelib.web.pages import mending

    return door(work).closed(mending.correct, slug, braked=Deed.UPKEEP)


@work.route("/cases/{slug}/take-back", methods=["POST"], content_types=FORM)
def take_back_reply(slug: str) -> Response:
    from chalicelib.web.pages import mending

    return door(work).closed(mending.take_back, slug)


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


@work.route("/promises")
def promises() -> Response:
    from chalicelib.web.pages import promises

    return door(work).closed(promises.show)


@work.route("/promises/{slug}", methods=["POST"], content_types=FORM)
def act_on_promise(slug: str) -> Response:
    from chalicelib.web.pages import promises

    return door(work).closed(promises.act, slug)


@work.route("/cases/{slug}/labels", methods=["POST"], content_types=FORM)
def labels(slug: str) -> Response:
    from chalicelib.web.pages import claims

    return door(work).closed(claims.labels, slug)


@work.route("/cases/{slug}/merge")
def choose_other(slug: str) -> Response:
    from chalicelib.web.pages import merge

    return door(work).closed(merge.choose, slug, look=Deed.ANSWER)


@work.route("/cases/{slug}/merge", methods=["POST"], content_types=FORM)
def merge(slug: str) -> Response:
    from chalicelib.web.pages import merge

    return door(work).closed(merge.join, slug)


@work.route("/cases/{slug}/split", methods=["POST"], content_types=FORM)
def split(slug: str) -> Response:
    from chalicelib.web.pages import merge

    return door(work).closed(merge.split, slug)


@work.route("/cases/{slug}/ask")
def ask(slug: str) -> Response:
    from chalicelib.web.pages import claims

    return door(work).closed(claims.choose, slug, look=Deed.ANSWER)


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


@work.route("/cases/{slug}/known")
def known(slug: str) -> Response:
    from chalicelib.web.pages import known

    return door(work).closed(known.show, slug)


@work.route("/cases/{slug}/model", methods=["POST"], content_types=FORM)
def let_model_draft(slug: str) -> Response:
    from chalicelib.web.pages import modelled

    return door(work).closed(modelled.draft, slug)


@work.route("/cases/{slug}/put", methods=["POST"], content_types=FORM)
def put(slug: str) -> Response:
    from chalicelib.web.pages import known

    return door(work).closed(known.put, slug)
