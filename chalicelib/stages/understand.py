"""Stage 2. Judge a mention, lay the verdict beside it, and send on what asks for work.

The order of effects: the verdict, then the queue. A repeat finds its verdict there and sends the work
again, since a crash may have come in between; `respond` bears that. Second opinions (`advise.py`) come
before both, and are kept by the text, so that a repeat gets the same one.
"""

from collections.abc import Callable, Sequence

from chalicelib.domain import topics
from chalicelib.domain.brand import Brand
from chalicelib.domain.mention import Mention
from chalicelib.domain.response import decide
from chalicelib.domain.routing import department, names
from chalicelib.domain.verdict import Reading, Verdict
from chalicelib.ports import Brands, Judge, Mentions, Tasks
from chalicelib.tasks import Judged, Respond, Task, Understand, packed

Advise = Callable[[Sequence[tuple[Mention, Brand, Reading]]], Sequence[Reading]]


def run(
    task: Understand,
    *,
    mentions: Mentions,
    brands: Brands,
    judge: Judge,
    advise: Advise,
    tasks: Tasks,
) -> Sequence[tuple[Task, Exception]]:
    """Judge every mention of the task; give back, as a task of its own, each that failed."""
    failed: list[tuple[Task, Exception]] = []
    read, work = [], []
    for mention in task.mentions:
        try:
            brand = brands.get(mention.key.brand)
            read.append((mention, brand, judge.read(mention.text, hint=mention.language)))
        except Exception as error:  # one bad mention must not take the others along
            failed.append((Understand((mention,)), error))
    for (mention, brand, _), reading in zip(read, advise(read), strict=True):
        try:
            judged = _judge(mention, brand, reading, mentions)
        except Exception as error:
            failed.append((Understand((mention,)), error))
            continue
        if judged:
            work.append(judged)
    tasks.send(Respond(run) for run in packed(work))
    return failed


def _judge(mention: Mention, brand: Brand, reading: Reading, mentions: Mentions) -> Judged | None:
    """The mention with its verdict if it asks for work, else None."""
    where, rule = department(brand, mention.text, reading)
    verdict = Verdict(
        reading=reading,
        department=where,
        rule=rule,
        topics=topics.found(brand.topics, mention.text),
        names=names(brand, mention.text, reading),
    )
    decision = decide(mention, reading, mention.heard_at)
    mentions.judge(mention, verdict, decision.action.value if decision.action else "ignore")
    return Judged(mention, verdict) if decision.action else None
