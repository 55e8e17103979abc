"""What is held and who is blocked, in memory."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Block, OverCap
from chalicelib.domain.mention import HELD
from chalicelib.domain.source import Source
from chalicelib.errors import Conflict, NotFound
from chalicelib.ports import Held
from tests.web.fakes import Audit, Mentions
from tests.web.fakes_brand import Brands


class Noise:
    def __init__(self, brands: Brands, mentions: Mentions, audit: Audit) -> None:
        self._brands, self._mentions, self._audit = brands, mentions, audit

    def hold(self, held: Sequence[Held]) -> None:
        for mention, verdict, state in held:
            self._mentions.kept[mention.key] = (mention, verdict)
            self._mentions.states[mention.key] = state

    def free(self, held: Sequence[Held], *lines: AuditLine) -> None:
        for mention, verdict, state in held:
            if not self._mentions.kept[mention.key][0].held:
                raise Conflict("it was held no more")
            self._mentions.kept[mention.key] = (replace(mention, held=""), verdict)
            self._mentions.states[mention.key] = state
            brand = self._brands.kept[mention.key.brand]
            over = (replace(one, held=one.held - (one.source == mention.source)) for one in brand.over)
            self._brands.kept[brand.id] = replace(brand, over=tuple(one for one in over if one.held > 0))
        self._audit.lines += lines

    def counts(self, brand: str, sources: Sequence[str], at: datetime) -> dict[str, dict[str, int]]:
        found: dict[str, Counter[str]] = {}
        for mention, _ in self._mentions.kept.values():
            if mention.source in sources and self._mentions.states.get(mention.key) in HELD:
                found.setdefault(mention.source, Counter())[mention.kept_from] += 1
        return {id: dict(counts) for id, counts in found.items()}

    def heard(self, source: Source, number: int, at: datetime) -> int:
        return 0

    def leave(self, brand: str, source: str, at: datetime, *lines: AuditLine) -> None:
        kept = self._brands.kept[brand]
        if not any(one.source == source for one in kept.over):
            raise NotFound(source)
        over: tuple[OverCap, ...] = tuple(
            replace(one, left=at) if one.source == source else one for one in kept.over
        )
        self._brands.kept[brand] = replace(kept, over=over)
        self._audit.lines += lines

    def block(self, brand: str, block: Block, *lines: AuditLine) -> bool:
        kept = self._brands.kept[brand]
        if any(each.id == block.id for each in kept.blocks):
            return False
        self._brands.kept[brand] = replace(kept, blocks=(block, *kept.blocks))
        self._audit.lines += lines
        return True

    def lift(self, brand: str, block: str, *lines: AuditLine) -> None:
        kept = self._brands.kept[brand]
        left = tuple(each for each in kept.blocks if each.id != block)
        if left == kept.blocks:
            raise NotFound(block)
        self._brands.kept[brand] = replace(kept, blocks=left)
        self._audit.lines += lines
