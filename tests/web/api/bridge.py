"""The app as WSGI, in process: what speaks HTTP to it speaks to Chalice's own test client."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from chalice.test import Client


def wsgi(client: Client) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        headers = {
            name[5:].replace("_", "-").lower(): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        if kind := environ.get("CONTENT_TYPE"):
            headers["content-type"] = kind
        length = int(environ.get("CONTENT_LENGTH") or 0)
        query = environ.get("QUERY_STRING", "")
        path = environ["REQUEST_URI"].partition("?")[0] if "REQUEST_URI" in environ else environ["PATH_INFO"]
        answer = client.http.request(
            environ["REQUEST_METHOD"],
            path + (f"?{query}" if query else ""),
            headers=headers,
            body=environ["wsgi.input"].read(length),
        )
        told = []
        for name, value in answer.headers.items():
            told += [(name, each) for each in (value if isinstance(value, list) else [value])]
        start(f"{answer.status_code} {HTTPStatus(answer.status_code).phrase}", told)
        return [answer.body]

    return app
