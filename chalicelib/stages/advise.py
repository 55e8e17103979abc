"""Second opinions, for those mentions of a batch that our own judge is unsure of and that matter.

The order of effects: look for what was answered before, note the texts as asked, put by what they can cost,
ask, book what it cost, keep the answers. A crash after the note wastes some of the day's number and asks
again, within what is left; it never asks more than that, nor than the brand's budgets pay for. Whoever
does not answer leaves our own judge's label as it was.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from chalicelib.domain.advice import READ, Opinion, asks, question, taken
from chalicelib.domain.brand import Adviser, Brand
from chalicelib.domain.mention import Mention
from chalicelib.domain.verdict import Reading
from chalicelib.errors import WebspinError
from chalicelib.ports import Advises, Opinions

if TYPE_CHECKING:
    from chalicelib.stages.charge import Till

Judged = tuple[Mention, Brand, Reading]
Connect = Callable[[Adviser], Advises]


def run(
    judged: Sequence[Judged],
    *,
    opinions: Opinions,
    connect: Connect,
    failed: Callable[[str, str], None],
    till: "Callable[[Brand], Till] | None" = None,
    now: datetime,
) -> list[Reading]:
    """A reading for each, in the same order. `failed` is told who did not answer, and why."""
    readings = [reading for _, _, reading in judged]
    brands = {brand.id: brand for _, brand, _ in judged}
    asked: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    places: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    first: dict[str, Mention] = {}
    for at, (mention, brand, reading) in enumerate(judged):
        if brand.adviser and asks(brand.adviser, mention, reading):
            key = question(brand.adviser, mention, reading)
            asked[brand.id, reading.language][key] = mention.text[:READ]
            places[brand.id, key].append(at)
            first.setdefault(key, mention)
    for (brand_id, language), texts in asked.items():
        adviser = brands[brand_id].adviser
        if adviser is None:
            continue
        try:
            ask = partial(_paid, brands[brand_id], adviser, first, till)
            found = _answers(brand_id, language, texts, adviser, opinions, connect, ask, now)
        except WebspinError as error:
            failed(adviser.by, str(error))
            continue
        for key, opinion in found.items():
            for at in places[brand_id, key]:
                readings[at] = taken(readings[at], opinion)
    return readings


def _answers(
    brand: str,
    language: str,
    texts: Mapping[str, str],
    adviser: Adviser,
    opinions: Opinions,
    connect: Connect,
    ask: "Callable[[Advises, Mapping[str, str], str], Sequence[Opinion | None]]",
    now: datetime,
) -> dict[str, Opinion]:
    """By question; without those that are past the day's budget or got no answer."""
    found = opinions.kept(brand, list(texts))
    new = {key: text for key, text in texts.items() if key not in found}
    granted = opinions.spend(brand, now, len(new), adviser.a_day) if new else 0
    if granted:
        asked = dict(islice(new.items(), granted))
        answers = ask(connect(adviser), asked, language)
        given = {key: answer for key, answer in zip(asked, answers, strict=True) if answer}
        opinions.keep(brand, given, now)
        found |= given
    return found


def _paid(
    brand: Brand,
    adviser: Adviser,
    first: Mapping[str, Mention],
    till: "Callable[[Brand], Till] | None",
    model: Advises,
    asked: Mapping[str, str],
    language: str,
) -> Sequence[Opinion | None]:
    """Each paid for by the watches that heard it first, else the brand's first department. Raises BudgetUsed,
    PlatformError."""
    texts = list(asked.values())
    if till is None:
        return model.ask(texts, language)
    from chalicelib.domain.ledger import OPINION
    from chalicelib.stages import charge

    on = [charge.payers(brand, first[key], "") for key in asked]
    with charge.charged(till(brand), OPINION, adviser.by, on, model.costs(texts), lambda: model.spent):
        return model.ask(texts, language)
