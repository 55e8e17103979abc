"""The accounts of those who work here, with the rights of an administrator. Implements `ports.Colleagues`.

The Lambda's role may do this to our own pool alone (`.chalice/policies/api_handler.json`).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chalicelib.domain.roles import Role, of_groups
from chalicelib.errors import BadInput, NotFound
from chalicelib.ports import Account

MOST = 600
"""Accounts that are listed; a team of more is looked after in Cognito."""
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


class Pool:
    """`client` gives the low-level `cognito-idp` client."""

    def __init__(self, client: Callable[[], Any], pool: str) -> None:
        self._client = client
        self._pool = {"UserPoolId": pool}

    def all(self) -> list[Account]:
        roles: dict[str, list[str]] = {}
        for role in Role:
            for user in self._pages("list_users_in_group", GroupName=role.value):
                roles.setdefault(user["Username"], []).append(role.value)
        return [_account(user, roles.get(user["Username"], [])) for user in self._pages("list_users")]

    def get(self, id: str) -> Account:
        if not _ID.fullmatch(id):
            raise NotFound("no such account")
        found = self._client().list_users(**self._pool, Filter=f'sub = "{id}"', Limit=1)["Users"]
        if not found:
            raise NotFound("no such account")
        return self._whole(found[0]["Username"])

    def administrators(self) -> list[str]:
        """The ids of those who can still come in."""
        found = self._pages("list_users_in_group", GroupName=Role.ADMINISTRATOR.value)
        return [_attributes(user)["sub"] for user in found if user["Enabled"]]

    def invite(self, email: str, name: str) -> Account:
        from botocore.exceptions import ClientError, ParamValidationError

        attributes = {"email": email, "email_verified": "true", "name": name}
        try:
            self._client().admin_create_user(
                **self._pool,
                Username=email,
                UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()],
                DesiredDeliveryMediums=["EMAIL"],
            )
        except ParamValidationError:
            raise BadInput("email", "no e-mail address") from None
        except ClientError as refused:
            code = refused.response["Error"]["Code"]
            if code == "InvalidParameterException":
                raise BadInput("email", "no e-mail address") from None
            if code != "UsernameExistsException":
                raise
        return self._whole(email)

    def remind(self, account: Account) -> None:
        from botocore.exceptions import ClientError

        try:
            self._client().admin_create_user(
                **self._pool,
                Username=account.email,
                MessageAction="RESEND",
                DesiredDeliveryMediums=["EMAIL"],
            )
        except ClientError as refused:
            if refused.response["Error"]["Code"] != "UnsupportedUserStateException":
                raise
            raise BadInput("", "came in already") from None

    def set_role(self, account: Account, role: Role | None) -> None:
        """The new group first: whoever breaks off in between leaves somebody with both, and may do it
        again."""
        if role:
            self._admin("admin_add_user_to_group", account, GroupName=role.value)
        groups = self._client().admin_list_groups_for_user(**self._pool, Username=account.username)["Groups"]
        for group in groups:
            if group["GroupName"] in set(Role) - {role}:
                self._admin("admin_remove_user_from_group", account, GroupName=group["GroupName"])

    def disable(self, account: Account) -> None:
        self._admin("admin_disable_user", account)

    def enable(self, account: Account) -> None:
        self._admin("admin_enable_user", account)

    def sign_out(self, username: str) -> None:
        self._client().admin_user_global_sign_out(**self._pool, Username=username)

    def _whole(self, username: str) -> Account:
        """With what a list does not tell: groups and second factor."""
        user = self._client().admin_get_user(**self._pool, Username=username)
        groups = self._client().admin_list_groups_for_user(**self._pool, Username=user["Username"])["Groups"]
        return _account(user, [group["GroupName"] for group in groups])

    def _admin(self, name: str, account: Account, **more: str) -> None:
        getattr(self._client(), name)(**self._pool, Username=account.username, **more)

    def _pages(self, name: str, **asked: str) -> Iterator[Mapping[str, Any]]:
        client, seen = self._client(), 0
        for page in client.get_paginator(name).paginate(**self._pool, **asked):
            yield from page["Users"]
            seen += len(page["Users"])
            if seen >= MOST:
                return


def _attributes(user: Mapping[str, Any]) -> dict[str, str]:
    given = user.get("Attributes") or user.get("UserAttributes") or ()
    return {each["Name"]: each["Value"] for each in given}


def _account(user: Mapping[str, Any], groups: list[str]) -> Account:
    told = _attributes(user)
    email = told.get("email", "")
    factors = user.get("UserMFASettingList")
    return Account(
        id=told["sub"],
        username=user["Username"],
        email=email,
        name=told.get("name") or email,
        role=of_groups(groups),
        enabled=bool(user["Enabled"]),
        invited=user["UserStatus"] == "FORCE_CHANGE_PASSWORD",
        federated=user["UserStatus"] == "EXTERNAL_PROVIDER",
        second_factor=None if factors is None else "SOFTWARE_TOKEN_MFA" in factors,
    )
