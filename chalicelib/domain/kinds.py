"""Whose talk is a message? By the kinds of the watches that heard it, as the brand has them now.

Watches for the brand and its stakeholders hear talk of us. What only watches for topics and peers heard is
talk of others: it makes no work, no alert and no fan, and is in no figure but share of voice and topics.
"""

from typing import Protocol

from chalicelib.domain.brand import Brand


class Asked(Protocol):
    """A message by its line in a list: the watches that asked for it, and what was decided (`ignore`: it is
    no work)."""

    @property
    def watches(self) -> tuple[str, ...]: ...

    @property
    def state(self) -> str: ...


class Kinds:
    """One for a topic or a peer that was removed since listened for them still; any other for us."""

    def __init__(self, brand: Brand) -> None:
        self._others = {*brand.once_aside, *(watch.id for watch in brand.watches if watch.aside)}
        self._aside = {watch.id: watch.kind for watch in brand.watches if watch.aside}
        self._stakeholders = {watch.id for watch in brand.watches if watch.kind == "stakeholder"}

    def ours(self, of: Asked) -> bool:
        """Is it talk of us: asked for as such, or work for us?"""
        return of.state != "ignore" or not of.watches or not self._others >= {*of.watches}

    def aside(self, of: Asked) -> str:
        """The id of the first watch for a topic or a peer that heard it, whoever else did, or ""."""
        return next((id for id in of.watches if id in self._aside), "")

    def topic(self, of: Asked) -> str:
        """The id of the topic's watch that heard it, or ""."""
        return next((id for id in of.watches if self._aside.get(id) == "topic"), "")

    def stakeholder(self, of: Asked) -> bool:
        return not self._stakeholders.isdisjoint(of.watches)
