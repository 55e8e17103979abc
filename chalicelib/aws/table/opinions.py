"""Second opinions by the text they are on, and how many were asked for on a day; drafts of a model are
counted here too.

Only a hash of the text is kept, and what was said of it. All writes are updates: who judges mentions needs
no right to put or delete.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from chalicelib.aws.table import keys
from chalicelib.aws.table.keys import Item
from chalicelib.aws.table.store import Refused, Store
from chalicelib.domain.advice import Opinion
from chalicelib.domain.verdict import Sentiment

KEPT = timedelta(days=90)


class Opinions:
    """Implements `ports.Opinions`."""

    def __init__(self, client: Callable[[], Any], table_name: str) -> None:
        self._store = Store(client, table_name)

    def kept(self, brand: str, questions: Sequence[str]) -> dict[str, Opinion]:
        items = {question: self._store.get(keys.opinion(brand, question)) for question in questions}
        return {question: _read(item["opinion"]) for question, item in items.items() if item}

    def keep(self, brand: str, opinions: Mapping[str, Opinion], now: datetime) -> None:
        for question, opinion in opinions.items():
            said = [opinion.sentiment.value, *opinion.probabilities, opinion.by]
            given = {"opinion": json.dumps(said)}
            self._set(keys.opinion(brand, question), brand, now, "#opinion = :opinion", given)

    def spend(self, brand: str, now: datetime, number: int, most: int, of: str = "") -> int:
        number = min(number, most)
        while number > 0:
            values = {"number": number, "none": 0, "room": most - number}
            try:
                self._set(
                    keys.opinion_day(brand, now, of),
                    brand,
                    now,
                    "#asked = if_not_exists(#asked, :none) + :number",
                    values,
                    condition="attribute_not_exists(#asked) OR #asked <= :room",
                )
            except Refused as refused:
                asked = refused.item["asked"] if refused.item else most
                number = min(number - 1, most - asked)
                continue
            return number
        return 0

    def _set(
        self, key: Item, brand: str, now: datetime, change: str, values: Item, condition: str = ""
    ) -> None:
        given = {"v": keys.VERSION, "brand": brand, "ttl": int((now + KEPT).timestamp())}
        first = ", ".join(f"#{name} = :{name}" for name in given)
        self._store.update(key, f"SET {first}, {change}", {**given, **values}, condition)


def _read(text: str) -> Opinion:
    label, negative, neutral, positive, by = json.loads(text)
    return Opinion(Sentiment(label), (negative, neutral, positive), by)
