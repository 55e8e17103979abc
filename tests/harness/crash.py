"""Break off before and after every call to AWS and to a platform, then deliver again.

    for mode, k, world in every_crash(fresh, run, redeliver):
        assert ...  # what was promised holds, wherever it broke off

`fresh()` makes a world; `run(world, points)` tells the story in it, its platforms wrapped by `points.wrap`;
`redeliver(world)` does what the queues and schedules do afterwards, until all is quiet.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from threading import Lock
from types import TracebackType
from typing import Any, Self, TypeVar

from tests.harness.hooks import hooked

W = TypeVar("W")
MODES = ("before", "after")
MOST = 500
"""Calls a story may make; more is a loop."""


class Crash(BaseException):
    """The process is gone: no `except Exception` sees it, as none would see a kill."""


class Points:
    """Counts the calls made while it is entered, and breaks off at the k-th: before it is made, or after
    it was done and before its answer came back. `names` are the calls in order."""

    def __init__(self, mode: str, k: int) -> None:
        self.mode = mode
        self.k = k
        self.names: list[str] = []
        self.crashed = False
        self._lock = Lock()
        self._entered = ExitStack()
        self._on = False

    def __enter__(self) -> Self:
        self._entered.enter_context(hooked(("before-call", self._before), ("after-call", self._after)))
        self._on = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._on = False
        self._entered.close()

    def wrap(self, platform: Any) -> Any:
        """The same object; each call of its methods is a point too."""
        return _Wrapped(platform, self)

    def call(self, name: str, do: Callable[[], Any]) -> Any:
        """A call that is not the SDK's."""
        n = self._begin(name)
        answer = do()
        self._end(n)
        return answer

    def _before(self, model: Any, context: dict[str, Any], **_: Any) -> None:
        context["crash_point"] = self._begin(model.name)

    def _after(self, context: dict[str, Any], **_: Any) -> None:
        self._end(context.get("crash_point", 0))

    def _begin(self, name: str) -> int:
        if not self._on:
            return 0
        with self._lock:
            self.names.append(name)
            n = len(self.names)
        if n > MOST:
            raise AssertionError(f"more than {MOST} calls, the last ones {self.names[-5:]}")
        if self.mode == "before" and n == self.k:
            self._crash()
        return n

    def _end(self, n: int) -> None:
        if self._on and self.mode == "after" and n == self.k:
            self._crash()

    def _crash(self) -> None:
        self.crashed = True
        raise Crash(f"{self.mode} call {self.k}, {self.names[self.k - 1]}")


class _Wrapped:
    def __init__(self, inner: Any, points: Points) -> None:
        self._inner = inner
        self._points = points

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not callable(found):
            return found
        label = f"{type(self._inner).__name__}.{name}"
        return lambda *args, **named: self._points.call(label, lambda: found(*args, **named))


def every_crash(
    fresh: Callable[[], W], run: Callable[[W, Points], object], redeliver: Callable[[W], object]
) -> Iterator[tuple[str, int, W]]:
    """Each (mode, k) at which the story was broken off and brought to its end; and last the story
    that was not, as ("whole", calls, world)."""
    calls = 0
    for mode in MODES:
        for k in count(1):
            world = fresh()
            points = Points(mode, k)
            try:
                with points:
                    run(world, points)
            except Crash:
                pass
            if not points.crashed:
                calls = len(points.names)
                break
            redeliver(world)
            yield mode, k, world
    redeliver(world)
    yield "whole", calls, world
