"""Which addresses of strangers may be opened: the guard of `http.py`.

Looks at the form of a URL, and at the addresses its name leads to. What the text of an address
seems to say counts for nothing: 0x7f000001, 127.1 and circled digits all lead to 127.0.0.1, and only
the look-up tells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urljoin, urlsplit

from chalicelib.errors import Blocked

PORTS = {"http": 80, "https": 443}
LONGEST_URL = 4096

_STRAY = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})|%[01][0-9A-Fa-f]|%7[Ff]")
_NAME = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?")
_SAFE = "%/:=&?~+!$,;'@()*[]"


@dataclass(frozen=True, slots=True)
class Target:
    """A URL of good form, taken apart. `host` has small letters and no brackets; `path` its query."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def of(cls, url: str, base: str = "") -> Target:
        """Raises Blocked. What the message says is fit to show: never the path nor the query."""
        if len(url) > LONGEST_URL or _STRAY.search(url.strip(" ")) or _BAD_ESCAPE.search(url):
            raise Blocked("the address is too long or has characters that do not belong in one")
        try:
            parts = urlsplit(urljoin(base, url.strip(" ")))
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise Blocked("the address is not a URL") from None
        if parts.scheme not in PORTS:
            raise Blocked("only http and https addresses are opened")
        if "@" in parts.netloc or "%" in parts.netloc or (not parts.path and "@" in parts.fragment):
            raise Blocked("an address with a user name or password in it is not opened")
        path = quote(parts.path or "/", safe=_SAFE)
        if parts.query:
            path += "?" + quote(parts.query, safe=_SAFE)
        return cls(parts.scheme, host_name(host), PORTS[parts.scheme] if port is None else port, path)

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        return self.origin + self.path


def host_name(host: str) -> str:
    """A name in ASCII, or an address of either kind. Raises Blocked."""
    try:
        if ":" in host:
            return str(IPv6Address(host))
        plain = host if host.isascii() else host.encode("idna").decode().lower()
    except ValueError:  # an UnicodeError is one too
        plain = ""
    if len(plain) > 253 or not _NAME.fullmatch(plain):
        raise Blocked("the address has no usable host name")
    return plain


_INTERNET_V6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")


def is_public(address: str) -> bool:
    """Is this on the public internet, also once an IPv4 address inside an IPv6 one is unwrapped?"""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        inner = _inner(ip)
        if inner is None:
            return ip in _INTERNET_V6 and ip.is_global
        ip = inner
    return ip.is_global and not ip.is_multicast


def _inner(ip: IPv6Address) -> IPv4Address | None:
    if ip in _NAT64 or ip in _COMPATIBLE:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour
