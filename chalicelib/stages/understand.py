"""Stage 2. Judge a mention, lay the verdict beside it, and send on what asks for work.

The order of effects: the verdict (of what is held, all of a task together with the counts, `Noise.hold`), the
calls of webhooks, then the queue. A repeat finds its verdict there and
tells and sends again, since a crash may have come in between; `respond` bears that. Second opinions
(`advise.py`) come before all, and are kept by the text, so that a repeat gets the same one.

What the brand's corrections taught judges along (`teach.py`), and the verdict's judge names it. Which delta
that is was read with the brand, so that who has none asks nothing for it.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from chalicelib.domain import events, topics
from chalicelib.domain.brand import Brand
from chalicelib.domain.conditions import heard
from chalicelib.domain.delta import Delta
from chalicelib.domain.mention import HELD, Mention
from chalicelib.domain.response import decide
from chalicelib.domain.routing import department, names
from chalicelib.domain.verdict import Reading, Verdict
from chalicelib.ports import Brands, Held, Judge, Mentions, Tasks
from chalicelib.ports.upkeep import Tell, nobody
from chalicelib.tasks import Judged, Respond, Task, Understand, packed

Knows = Callable[[Brand], Delta | None]
"""The delta that judges along at a brand."""
Hold = Callable[[Sequence[Held]], None]
"""Lays verdicts beside what a rule wants held, and counts what is (`ports.Noise`)."""
Advise = Callable[[Sequence[tuple[Mention, Brand, Reading]]], Sequence[Reading]]


def run(
    task: Understand,
    *,
    mentions: Mentions,
    brands: Brands,
    judge: Judge,
    taught: Knows,
    advise: Advise,
    tasks: Tasks,
    hold: Hold,
    now: datetime,
    tell: Tell = nobody,
) -> Sequence[tuple[Task, Exception]]:
    """Judge every mention of the task; give back, as a task of its own, each that failed."""
    failed: list[tuple[Task, Exception]] = []
    read, work = [], []
    held: list[Held] = []
    news: dict[str, list[Judged]] = defaultdict(list)
    for mention in task.mentions:
        try:
            brand = brands.get(mention.key.brand)
            reading = judge.read(mention.text, hint=mention.language, delta=taught(brand))
            read.append((mention, brand, reading))
        except Exception as error:  # one bad mention must not take the others along
            failed.append((Understand((mention,)), error))
    for (mention, brand, _), reading in zip(read, advise(read), strict=True):
        try:
            judged, state = _read(mention, brand, reading, mentions)
            if mention.held and state:
                held.append(Held(mention, judged.verdict, state))
            elif state:
                mentions.judge(mention, judged.verdict, state, now=now)
        except Exception as error:
            failed.append((Understand((mention,)), error))
            continue
        if state in HELD:
            continue
        if state not in ("", "ignore") or mention.edit:
            work.append(judged)
        if not (mention.history or mention.key.drill or mention.gone):
            news[mention.key.brand].append(judged)
    try:
        if held:
            hold(held)
    except Exception as error:
        failed += [(Understand((each.mention,)), error) for each in held]
    for id, found in news.items():
        tell(brands.get(id), "verdict", (events.verdict(each.mention, each.verdict) for each in found))
    tasks.send(Respond(run) for run in packed(work))
    return failed


def _read(mention: Mention, brand: Brand, reading: Reading, mentions: Mentions) -> tuple[Judged, str]:
    """The mention with its verdict, and the state that this gives it; "" where it has it already."""
    if mention.gone and (kept := mentions.get(mention.key)[1]) and kept.reading.judge:
        return Judged(mention, kept), ""
    of = heard(mention, language=reading.language)
    where, rule = department(brand, of)
    verdict = Verdict(
        reading=reading,
        department=where,
        rule=rule,
        topics=topics.found(brand.topics, mention.text),
        names=names(brand, of),
    )
    return Judged(mention, verdict), decide(mention, reading, mention.heard_at).state
