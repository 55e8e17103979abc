"""A mail to one colleague that goes out because something was kept: written with that, and sent after it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """`id` comes from what caused it, so that a repeat writes the same."""

    brand: str
    id: str
    to: str
    subject: str
    text: str
