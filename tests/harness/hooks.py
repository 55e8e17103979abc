"""Hanging on the SDK's events: on our one session, and on the clients it has made already."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from chalicelib.aws import clients

Handler = Callable[..., Any]


@contextmanager
def hooked(*handlers: tuple[str, Handler]) -> Iterator[None]:
    """Each (event, handler) is registered while this lasts, e.g. ("before-call", count).

    A client copies its session's handlers when it is made; so both are told.
    """
    session = clients.session()
    early = [session.get_component("event_emitter"), *(client.meta.events for client in clients.made())]
    for event, handler in handlers:
        for emitter in early:
            emitter.register_first(event, handler)  # before moto, whose answer would be the last word
    try:
        yield
    finally:
        late = [session.get_component("event_emitter"), *(client.meta.events for client in clients.made())]
        for event, handler in handlers:
            for emitter in late:
                emitter.unregister(event, handler)


@contextmanager
def apart() -> Iterator[None]:
    """A session and clients of its own meanwhile, as a new process has. Those of before come back with what
    hangs on them: the checks of a world that lasts longer (`strict.py`) go on."""
    with mock.patch.object(clients, "_session", None), mock.patch.object(clients, "_clients", {}):
        yield
