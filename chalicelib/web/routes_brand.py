"""Addresses of what a brand is and where it listens. As `routes.py`: nothing here decides anything."""

from typing import TYPE_CHECKING

from chalice.app import Blueprint, Response

from chalicelib.domain.deed import Deed
from chalicelib.web.routes import FORM, door

if TYPE_CHECKING:
    from chalicelib.web.door import Door

FILE = [*FORM, "multipart/form-data"]
brand = Blueprint(__name__)


def _door() -> "Door":
    return door(brand)


@brand.route("/welcome")
def welcome() -> Response:
    from chalicelib.web.pages import welcome

    return _door().closed(welcome.show, look=Deed.GOVERN)


@brand.route("/welcome", methods=["POST"], content_types=FORM)
def guide() -> Response:
    from chalicelib.web.pages import welcome

    return _door().closed(welcome.keep, deed=Deed.GOVERN)


@brand.route("/brand")
def about() -> Response:
    from chalicelib.web.pages import brand

    return _door().closed(brand.show)


@brand.route("/brand/file")
def save_brand() -> Response:
    from chalicelib.web.pages import brand_file

    return _door().closed(brand_file.save)


@brand.route("/brand/import")
def choose_brand() -> Response:
    from chalicelib.web.pages import brand_file

    return _door().closed(brand_file.show)


@brand.route("/brand/import", methods=["POST"], content_types=FILE)
def import_brand() -> Response:
    from chalicelib.web.pages import brand_file

    return _door().closed(brand_file.take, deed=Deed.MANAGE)


@brand.route("/brand/{section}", methods=["POST"], content_types=FORM)
def change_brand(section: str) -> Response:
    from chalicelib.web.pages import brand

    return _door().closed(brand.keep, section, deed=Deed.MANAGE)


@brand.route("/brand/{section}/{entry}")
def show_entry(section: str, entry: str) -> Response:
    from chalicelib.web.pages import entry as page

    return _door().closed(page.show, section, entry)


@brand.route("/brand/{section}/{entry}", methods=["POST"], content_types=FORM)
def change_entry(section: str, entry: str) -> Response:
    from chalicelib.web.pages import entry as page

    return _door().closed(page.keep, section, entry, deed=Deed.MANAGE)


@brand.route("/brand/{section}/{entry}/secret", methods=["POST"], content_types=FORM)
def set_entry_secret(section: str, entry: str) -> Response:
    from chalicelib.web.pages import entry as page

    return _door().closed(page.set_secret, section, entry, deed=Deed.MANAGE)


@brand.route("/sources")
def sources() -> Response:
    from chalicelib.web.pages import sources

    return _door().closed(sources.show)


@brand.route("/unheard")
def unheard() -> Response:
    from chalicelib.web.pages import unheard

    return _door().closed(unheard.show)


@brand.route("/costs")
def costs() -> Response:
    from chalicelib.web.pages import costs

    return _door().closed(costs.show)


@brand.route("/costs", methods=["POST"], content_types=FORM)
def go_on() -> Response:
    from chalicelib.web.pages import costs

    return _door().closed(costs.go_on, deed=Deed.MANAGE)


@brand.route("/sources/new")
def new_source() -> Response:
    from chalicelib.web.pages import source

    return _door().closed(source.new)


@brand.route("/sources/new", methods=["POST"], content_types=FORM)
def add_source() -> Response:
    from chalicelib.web.pages import source

    return _door().closed(source.add, deed=Deed.MANAGE)


@brand.route("/sources/watches/{watch}")
def show_watch(watch: str) -> Response:
    from chalicelib.web.pages import watch as page

    return _door().closed(page.show, watch)


@brand.route("/sources/watches/{watch}", methods=["POST"], content_types=FORM)
def change_watch(watch: str) -> Response:
    from chalicelib.web.pages import watch as page

    return _door().closed(page.keep, watch, deed=Deed.MANAGE)


@brand.route("/sources/{source}")
def show_source(source: str) -> Response:
    from chalicelib.web.pages import source as page

    return _door().closed(page.show, source)


@brand.route("/sources/{source}/refused")
def refused_calls(source: str) -> Response:
    from chalicelib.web.pages import refused as page

    return _door().closed(page.show, source)


@brand.route("/sources/{source}", methods=["POST"], content_types=FORM)
def change_source(source: str) -> Response:
    from chalicelib.web.pages import source as page

    return _door().closed(page.keep, source, deed=Deed.MANAGE)


@brand.route("/sources/{source}/secret", methods=["POST"], content_types=FORM)
def set_source_secret(source: str) -> Response:
    from chalicelib.web.pages import source as page

    return _door().closed(page.set_secret, source, deed=Deed.MANAGE)


@brand.route("/connect/back/{where}")
def connected(where: str) -> Response:
    from chalicelib.web.pages import connect

    return _door().closed(connect.back, where, look=Deed.MANAGE)


@brand.route("/connect/{section}/{entry}", methods=["POST"], content_types=FORM)
def connect(section: str, entry: str) -> Response:
    from chalicelib.web.pages import connect as page

    return _door().closed(page.begin, section, entry, deed=Deed.MANAGE)


@brand.route("/knowledge")
def knowledge() -> Response:
    from chalicelib.web.pages import knowledge

    return _door().closed(knowledge.show)


@brand.route("/knowledge/{id}")
def show_knowledge(id: str) -> Response:
    from chalicelib.web.pages import knowledge

    return _door().closed(knowledge.read, id)


@brand.route("/knowledge/{id}", methods=["POST"], content_types=FORM)
def change_knowledge(id: str) -> Response:
    from chalicelib.web.pages import knowledge

    return _door().closed(knowledge.act, id, deed=Deed.MANAGE)
