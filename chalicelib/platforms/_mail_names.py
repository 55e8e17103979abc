"""Who is named in a header of a mail: read as RFC 5322 says, or not taken for sure.

A reader that is more lenient than the one who proved a mail can be led to another sender than the proven one.
"""

import re

from chalicelib.platforms._text import one_line

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM}){{0,20}}@(?:[A-Za-z0-9-]{{1,63}}\.){{1,20}}[A-Za-z0-9-]{{2,63}}")

_QUOTED = r'"(?:[^"\\]|\\.)*+"'
_THERE = r'(?P<there>(?:[^\s"<>@,;:()\\\[\]]{1,200}+|"[^"<>@\\]{1,200}+")@[^\s"<>@,;:()\\\[\]]{1,253}+)'
_LISTED = re.compile(rf'(?:{_QUOTED}|[^",])++')
_MAILBOX = re.compile(
    rf'\s*+(?:(?P<name>(?:{_QUOTED}|[^"<>@,;:()\\\[\]])*+)<{_THERE}>|{_THERE.replace("there", "bare")})\s*+'
)
_PIECE = re.compile(rf"{_QUOTED}|[()]|\\.|[^\"()\\]++|.", re.DOTALL)
_ANGLE = re.compile(r"<([^<>\s]{1,254}@[^<>\s]{1,254})>")
_ANY = re.compile(r'(?<![^\s<>(),;:"])[^\s<>(),;:"@]{1,200}@[^\s<>(),;:"@]{1,253}')


def mailboxes(value: str) -> list[tuple[str, str]]:
    """(name, address) of each; none where any of it is not as RFC 5322 says."""
    bare = _uncommented(value)
    if bare is None:
        return []
    matched = [_MAILBOX.fullmatch(each) for each in _LISTED.findall(bare)]
    found = [_named(each["name"] or "", each["there"] or each["bare"]) for each in matched if each]
    whole = len(found) == len(matched) == _commas(bare) + 1
    return found if whole else []


def likely(value: str) -> tuple[str, str]:
    """Who seems to be named in what is not as it should be; ("", "") for nobody."""
    found = _ANGLE.search(value) or _ANY.search(value)
    return _named("", found[found.re.groups]) if found else ("", "")


def address(given: str) -> str:
    """As it is written to; "" for none. A domain in letters of its own is told in those of the net. What
    looks like an encoded word is none: it would be read as what it encodes."""
    local, _, domain = given.strip().rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode()
        except UnicodeError:
            return ""
    there = f"{local}@{domain.lower()}"
    fits = len(there) <= 254 and "=?" not in there and _ADDRESS.fullmatch(there)
    return there if fits else ""


def decoded_words(value: str) -> str:
    """With its encoded words read; as it is where the standard library stumbles on it."""
    from email.policy import default

    try:
        return str(default.header_factory("subject", value))
    except Exception:  # it raises whatever it happens to on some that are broken
        return value


def _named(name: str, there: str) -> tuple[str, str]:
    called = " ".join(
        re.sub(r"\\(.)", r"\1", each.strip('"')) for each in re.findall(rf'{_QUOTED}|[^"]++', name)
    )
    local, _, domain = there.rpartition("@")
    return one_line(decoded_words(called)), address(there) or one_line(f"{local}@{domain.lower()}")


def _commas(bare: str) -> int:
    return re.sub(_QUOTED, "", bare).count(",")


def _uncommented(value: str) -> str | None:
    """Without what stands in brackets; None where they, or quotes, are not closed."""
    kept, depth = [], 0
    for found in _PIECE.finditer(value):
        piece = found[0]
        if piece == '"':
            return None
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth -= 1
        elif not depth:
            kept.append(piece)
        if depth < 0:
            return None
    return None if depth else "".join(kept)
