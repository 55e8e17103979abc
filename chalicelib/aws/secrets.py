"""Secrets: SSM SecureStrings of the standard tier (no charge), each a JSON object of texts.

Names under the stage's path: `hook/<brand>/<source>`, and a second one with `/b` behind it;
`source/<brand>/<source>`, `channel/<brand>/<channel>`, what lies beside those (`sourceapp/...`,
`channelapp/...`), `alert/<brand>/<department>`,
`notify/<brand>/<webhook>-<a or b>`; and `link/approve`, of the stage itself.
"""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from time import monotonic
from typing import Any

DOOR_SECONDS = 300.0
"""What a webhook or an alert goes by is remembered five minutes: a change of it is wanted soon."""
KNOWN_SECONDS = 3600.0
"""A key to a network an hour: every reading is charged, and whoever is refused with one reads it anew."""
LASTING = ("channel", "source")
UNKNOWN_SECONDS = 60.0
KINDS = ("channel", "channelapp", "source", "sourceapp", "hook", "alert")
MOST = 1000
"""Names remembered, known and unknown: strangers choose the names that webhooks ask for, so what is
unknown makes room first."""

_NAME = re.compile(r"[a-z]+(?:/[a-z0-9][a-z0-9-]{0,39}){1,2}|hook(?:/[a-z0-9][a-z0-9-]{0,39}){2}/b")


class SecretStore:
    """Implements `ports.Secrets`. `path` is the stage's, such as `/webspin/prod`."""

    def __init__(self, ssm: Callable[[], Any], path: str) -> None:
        self._ssm = ssm
        self._path = path
        self._known: dict[str, tuple[float, dict[str, str]]] = {}

    def get(self, name: str, *, fresh: bool = False) -> Mapping[str, str]:
        if not _NAME.fullmatch(name):
            return {}
        until, known = self._known.get(name, (0.0, {}))
        if fresh or monotonic() >= until:
            known = self._ask(name)
            self._remember(name, known)
        return known

    def put(self, name: str, values: Mapping[str, str]) -> None:
        """Raises ValueError for a name that `get` would not look up."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a secret")
        self._ssm().put_parameter(
            Name=f"{self._path}/{name}",
            Value=json.dumps(dict(values)),
            Type="SecureString",
            Tier="Standard",
            Overwrite=True,
        )
        self._remember(name, dict(values))

    def remove(self, name: str) -> None:
        ssm = self._ssm()
        with suppress(ssm.exceptions.ParameterNotFound):
            ssm.delete_parameter(Name=f"{self._path}/{name}")
        self._known.pop(name, None)

    def dates(self, brand: str) -> dict[str, datetime]:
        """From the parameters' descriptions, which hold no value."""
        found: dict[str, datetime] = {}
        paths = [f"{self._path}/{kind}/{brand}/" for kind in KINDS]
        call = {"ParameterFilters": [{"Key": "Name", "Option": "BeginsWith", "Values": paths}]}
        while call:
            reply = self._ssm().describe_parameters(**call, MaxResults=50)
            for each in reply["Parameters"]:
                found[each["Name"].removeprefix(f"{self._path}/")] = each["LastModifiedDate"]
            call = {**call, "NextToken": reply["NextToken"]} if reply.get("NextToken") else {}
        return found

    def _ask(self, name: str) -> dict[str, str]:
        ssm = self._ssm()
        try:
            reply = ssm.get_parameter(Name=f"{self._path}/{name}", WithDecryption=True)
        except ssm.exceptions.ParameterNotFound:
            return {}
        found = json.loads(reply["Parameter"]["Value"])
        return {str(key): str(value) for key, value in found.items()}

    def _remember(self, name: str, values: dict[str, str]) -> None:
        self._known.pop(name, None)
        if len(self._known) >= MOST:
            unknown = (each for each, (_, held) in self._known.items() if not held)
            self._known.pop(next(unknown, next(iter(self._known))))  # of those, asked for longest ago
        known = KNOWN_SECONDS if name.startswith(LASTING) else DOOR_SECONDS
        self._known[name] = (monotonic() + (known if values else UNKNOWN_SECONDS), values)
