"""Addresses of the door: the steps of signing in, one's own account, and the team. As `routes.py`: nothing
here decides anything."""

from typing import TYPE_CHECKING

from chalice.app import Blueprint, Response

from chalicelib.domain.deed import Deed
from chalicelib.web.routes import FORM, door

if TYPE_CHECKING:
    from chalicelib.web.door import Door

entrance = Blueprint(__name__)


def _door() -> "Door":
    return door(entrance)


# without a session -----------------------------------------------------------------------------------


@entrance.route("/sign-in/code", methods=["POST"], content_types=FORM)
def second_factor() -> Response:
    from chalicelib.web.pages import second

    return _door().open(second.enter)


@entrance.route("/sign-in/set-up", methods=["POST"], content_types=FORM)
def set_up_second_factor() -> Response:
    from chalicelib.web.pages import second

    return _door().open(second.set_up)


@entrance.route("/forgot")
def forgot() -> Response:
    from chalicelib.web.pages import reset

    return _door().open(reset.show)


@entrance.route("/forgot", methods=["POST"], content_types=FORM)
def ask_code() -> Response:
    from chalicelib.web.pages import reset

    return _door().open(reset.ask)


@entrance.route("/forgot/password", methods=["POST"], content_types=FORM)
def reset_password() -> Response:
    from chalicelib.web.pages import reset

    return _door().open(reset.choose)


@entrance.route("/approve/{token}")
def look_by_mail(token: str) -> Response:
    from chalicelib.web.pages import by_mail

    return _door().open(by_mail.of(token).look)


@entrance.route("/approve/{token}", methods=["POST"], content_types=FORM)
def approve_by_mail(token: str) -> Response:
    from chalicelib.web.pages import by_mail

    return _door().open(by_mail.of(token).approve)


@entrance.route("/sign-in/organisation")
def sign_in_elsewhere() -> Response:
    from chalicelib.web.pages import sso

    return _door().open(sso.leave)


@entrance.route("/sign-in/back")
def back_from_elsewhere() -> Response:
    from chalicelib.web.pages import sso

    return _door().open(sso.back)


# one's own account --------------------------------------------------------------------------------------


@entrance.route("/me")
def me() -> Response:
    from chalicelib.web.pages import me

    return _door().closed(me.show)


@entrance.route("/me/second-factor", methods=["POST"], content_types=FORM)
def begin_second_factor() -> Response:
    from chalicelib.web.pages import me

    return _door().closed(me.begin, deed=Deed.READ)


@entrance.route("/me/second-factor/code", methods=["POST"], content_types=FORM)
def confirm_second_factor() -> Response:
    from chalicelib.web.pages import me

    return _door().closed(me.confirm, deed=Deed.READ)


@entrance.route("/me/second-factor/remove", methods=["POST"], content_types=FORM)
def remove_second_factor() -> Response:
    from chalicelib.web.pages import me

    return _door().closed(me.remove, deed=Deed.READ)


@entrance.route("/me/sign-out", methods=["POST"], content_types=FORM)
def leave_everywhere() -> Response:
    from chalicelib.web.pages import me

    return _door().closed(me.leave_everywhere, deed=Deed.READ)


# the team -----------------------------------------------------------------------------------------------


@entrance.route("/team")
def team() -> Response:
    from chalicelib.web.pages import team

    return _door().closed(team.show, look=Deed.TEAM)


@entrance.route("/team/invite")
def invitation() -> Response:
    from chalicelib.web.pages import team

    return _door().closed(team.invite, look=Deed.TEAM)


@entrance.route("/team/invite", methods=["POST"], content_types=FORM)
def invite() -> Response:
    from chalicelib.web.pages import team_deeds

    return _door().closed(team_deeds.invite, deed=Deed.TEAM)


@entrance.route("/team/{id}")
def colleague(id: str) -> Response:
    from chalicelib.web.pages import team

    return _door().closed(team.person, id, look=Deed.TEAM)


@entrance.route("/team/{id}/role", methods=["POST"], content_types=FORM)
def set_role(id: str) -> Response:
    from chalicelib.web.pages import team_deeds

    return _door().closed(team_deeds.set_role, id, deed=Deed.TEAM)


@entrance.route("/team/{id}/invitation", methods=["POST"], content_types=FORM)
def remind(id: str) -> Response:
    from chalicelib.web.pages import team_deeds

    return _door().closed(team_deeds.remind, id, deed=Deed.TEAM)


@entrance.route("/team/{id}/access", methods=["POST"], content_types=FORM)
def set_access(id: str) -> Response:
    from chalicelib.web.pages import team_deeds

    return _door().closed(team_deeds.set_access, id, deed=Deed.GOVERN)
