"""Blocks and what is held, as a person and a program change them: each with a reason, in the log."""

from chalicelib.domain import blocking
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Block
from chalicelib.domain.mention import MentionKey
from chalicelib.errors import BadInput, NotFound
from chalicelib.stages import noise
from chalicelib.web.pages.verdict import refuse_others
from chalicelib.web.visit import Visit


def blocks(visit: Visit) -> tuple[Block, ...]:
    """As they are now, the newest first."""
    return visit.desk.brands.latest(visit.brand.id)[0].blocks


def block(visit: Visit, id: str) -> Block:
    """Raises NotFound."""
    found = next((each for each in blocks(visit) if each.id == id), None)
    if found is None:
        raise NotFound("no such block")
    return found


def add(visit: Visit, wished: Block) -> bool:
    """False where it is blocked already. Raises BadInput (`block`) for one too many."""
    if len(blocks(visit)) >= blocking.MOST:
        raise BadInput("block", f"at most {blocking.MOST} blocks; lift one first")
    line = visit.line("block.add", wished.what, after=wished.why)
    return visit.desk.noise.block(visit.brand.id, wished, line)


def lift(visit: Visit, id: str) -> None:
    """Raises NotFound."""
    kept = block(visit, id)
    visit.desk.noise.lift(visit.brand.id, id, visit.line("block.lift", kept.what, before=kept.why))


def let_through(visit: Visit, key: MentionKey, *, lifting: bool = False) -> int:
    """This is no noise; `lifting`: nor is what else its block holds from now on. Raises NotFound."""
    refuse_others(visit, key)
    mention, _ = visit.desk.mentions.get(key)
    if lifting and mention.kept_from == "blocked":
        lift(visit, mention.held.partition(" ")[2])
    return _through(visit, [key], visit.line("mention.no-noise", f"{key.platform}/{key.id}"))


def let_cap_through(visit: Visit, source: str) -> int:
    """The newest of what waits over a source's cap (`noise.AT_ONCE`). Raises NotFound."""
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    keys = noise.over_cap(brand, source, visit.desk.mentions, visit.now)
    return _through(visit, keys, visit.line("source.let-through", source)) if keys else 0


def leave_cap(visit: Visit, source: str) -> None:
    """They stay where they are. Raises NotFound."""
    visit.desk.noise.leave(visit.brand.id, source, visit.now, visit.line("source.leave", source))


def _through(visit: Visit, keys: list[MentionKey], line: AuditLine) -> int:
    desk = visit.desk
    return noise.let_through(keys, mentions=desk.mentions, noise=desk.noise, tasks=desk.tasks, line=line)
