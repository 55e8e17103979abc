"""What moto holds at one moment, to go back to: far faster than asking AWS for it all once more.

kept = Kept()
...
kept.restore()
"""

import copyreg
from copy import deepcopy
from io import BytesIO
from threading import Condition, Lock, RLock
from typing import Any

from moto.core.base_backend import BackendDict
from moto.moto_api._internal.models import moto_api_backend
from moto.s3.models import FakeKey
from moto.ssm.models import ParameterDict


def _parameters(held: Any) -> tuple[Any, ...]:
    return ParameterDict, (held.account_id, held.region_name), vars(held), None, iter(held.items())


def _file(held: FakeKey) -> tuple[Any, ...]:
    return _laid, (held.__getstate__(),)


def _laid(state: dict[str, Any]) -> FakeKey:
    """A file that moto does not know of as its own, or it empties what we hold with what it forgets."""
    laid = object.__new__(FakeKey)
    buffer = BytesIO(state.pop("value") or b"")
    vars(laid).update(state, _value_buffer=buffer, lock=Lock(), disposed=True)  # it is no file on a disk
    return laid


copyreg.pickle(FakeKey, _file)
copyreg.pickle(ParameterDict, _parameters)
copyreg.pickle(type(RLock()), lambda _lock: (RLock, ()))
copyreg.pickle(Condition, lambda _lock: (Condition, ()))
"""A queue has locks; the lock of a copy is a new one."""


class Kept:
    """Every backend in use: of each service, account and region."""

    def __init__(self) -> None:
        services: list[Any] = BackendDict._instances  # type: ignore[misc]
        self._backends = [
            (service, account, region, backend)
            for service in services
            for account, regions in service.items()
            for region, backend in regions.items()
        ]
        itself = {id(backend): backend for *_, backend in self._backends}
        self._held = [deepcopy(vars(backend), dict(itself)) for *_, backend in self._backends]

    def restore(self) -> None:
        moto_api_backend.reset()
        new = [service[account][region] for service, account, region, _ in self._backends]
        itself = {id(old): now for (*_, old), now in zip(self._backends, new, strict=True)}
        for backend, held in zip(new, self._held, strict=True):
            vars(backend).update(deepcopy(held, dict[int, Any](itself)))
