"""Ports for platform modules that need no network: a shelf in a dictionary, and a door that is shut."""

from collections.abc import Mapping

from chalicelib.domain.audit import AuditLine
from chalicelib.ports import Answer


class MemoryShelf:
    """`ports.Shelf`. While `blind`, `all` shows nothing: a reader that lags."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], str] = {}
        self.blind = False

    def put(self, account: str, name: str, document: str) -> bool:
        new = (account, name) not in self._kept
        self._kept.setdefault((account, name), document)
        return new

    def replace(self, account: str, name: str, document: str, *lines: AuditLine) -> None:
        self._kept[account, name] = document

    def get(self, account: str, name: str) -> str | None:
        return self._kept.get((account, name))

    def all(self, account: str) -> list[tuple[str, str]]:
        if self.blind:
            return []
        return sorted((name, kept) for (owner, name), kept in self._kept.items() if owner == account)


class NoHttp:
    """`ports.Http` for modules that must not open a connection."""

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        seconds: float = 10,
        max_bytes: int = 2_000_000,
        redirects: int = 3,
    ) -> Answer:
        raise AssertionError(f"{method} {url}")
