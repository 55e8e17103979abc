"""Hanging on the SDK's events: on our one session, and on the clients it has made already."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.aws import clients

Handler = Callable[..., Any]


@contextmanager
def hooked(*handlers: tuple[str, Handler]) -> Iterator[None]:
    """Each (event, handler) is registered while this lasts, e.g. ("before-call", count).

    A client copies its session's handlers when it is made; so both are told.
    """
    session = clients.session()
    early = clients.made()
    for event, handler in handlers:
        session.register(event, handler)
        for client in early:
            client.meta.events.register(event, handler)
    try:
        yield
    finally:
        for event, handler in handlers:
            session.unregister(event, handler)
            for client in clients.made():
                client.meta.events.unregister(event, handler)
