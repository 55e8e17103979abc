"""Addresses of what leaves: calendar, posts, brake. As `routes.py`: nothing here decides anything."""

from typing import TYPE_CHECKING

from chalice.app import Blueprint, Response

from chalicelib.domain.deed import Deed
from chalicelib.web.routes import FORM, door

if TYPE_CHECKING:
    from chalicelib.web.door import Door

FILE = [*FORM, "multipart/form-data"]
posts = Blueprint(__name__)


def _door() -> "Door":
    return door(posts)


@posts.route("/calendar")
def calendar() -> Response:
    from chalicelib.web.pages import calendar

    return _door().closed(calendar.show)


@posts.route("/calendar/new")
def new_post() -> Response:
    from chalicelib.web.pages import composer

    return _door().closed(composer.show)


@posts.route("/calendar/new", methods=["POST"], content_types=FILE)
def plan_post() -> Response:
    from chalicelib.web.pages import composer

    return _door().closed(composer.plan, deed=Deed.PUBLISH)


@posts.route("/calendar/count", methods=["POST"], content_types=FORM)
def count_texts() -> Response:
    from chalicelib.web.pages import composer

    return _door().closed(composer.count, deed=Deed.PUBLISH, page=False)


@posts.route("/calendar/import")
def choose_file() -> Response:
    from chalicelib.web.pages import post_import

    return _door().closed(post_import.show)


@posts.route("/calendar/import", methods=["POST"], content_types=FILE)
def import_posts() -> Response:
    from chalicelib.web.pages import post_import

    return _door().closed(post_import.take, deed=Deed.PUBLISH)


@posts.route("/posts/{id}")
def post(id: str) -> Response:
    from chalicelib.web.pages import post

    return _door().closed(post.show, id)


@posts.route("/posts/{id}/images/{name}")
def post_image(id: str, name: str) -> Response:
    from chalicelib.web.pages import post

    return _door().closed(post.image, id, name, page=False)


@posts.route("/posts/{id}/change")
def edit_post(id: str) -> Response:
    from chalicelib.web.pages import post_deeds

    return _door().closed(post_deeds.edit, id)


@posts.route("/posts/{id}/change", methods=["POST"], content_types=FILE)
def change_post(id: str) -> Response:
    from chalicelib.web.pages import post_deeds

    return _door().closed(post_deeds.change, id, deed=Deed.PUBLISH)


@posts.route("/posts/{id}/cancel", methods=["POST"], content_types=FORM)
def cancel_post(id: str) -> Response:
    from chalicelib.web.pages import post_deeds

    return _door().closed(post_deeds.cancel, id, deed=Deed.PUBLISH)


@posts.route("/posts/{id}/release", methods=["POST"], content_types=FORM)
def release_post(id: str) -> Response:
    from chalicelib.web.pages import post_deeds

    return _door().closed(post_deeds.release, id, deed=Deed.PUBLISH, braked=Deed.UPKEEP)


@posts.route("/posts/{id}/leave", methods=["POST"], content_types=FORM)
def leave_post(id: str) -> Response:
    from chalicelib.web.pages import post_deeds

    return _door().closed(post_deeds.leave, id, deed=Deed.PUBLISH)


@posts.route("/posts/{id}/remove", methods=["POST"], content_types=FORM)
def remove_post(id: str) -> Response:
    from chalicelib.web.pages import post_deeds

    return _door().closed(post_deeds.remove, id, deed=Deed.PUBLISH)


@posts.route("/posts/{id}/edit", methods=["POST"], content_types=FORM)
def correct_post(id: str) -> Response:
    from chalicelib.web.pages import post_deeds

    return _door().closed(post_deeds.correct, id, deed=Deed.PUBLISH, braked=Deed.UPKEEP)


@posts.route("/brake")
def brake() -> Response:
    from chalicelib.web.pages import brake

    return _door().closed(brake.show)


@posts.route("/brake", methods=["POST"], content_types=FORM)
def pull_brake() -> Response:
    from chalicelib.web.pages import brake

    return _door().closed(brake.pull, deed=Deed.BRAKE)


@posts.route("/brake/release", methods=["POST"], content_types=FORM)
def release_brake() -> Response:
    from chalicelib.web.pages import brake

    return _door().closed(brake.release, deed=Deed.UPKEEP)
