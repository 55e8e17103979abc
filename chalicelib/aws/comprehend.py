"""Amazon Comprehend as adviser. It has no Dutch, reads 500 characters, and takes 25 texts a call."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from chalicelib.aws.advising import asked, spread
from chalicelib.domain import model_prices
from chalicelib.domain.advice import Opinion
from chalicelib.domain.verdict import Sentiment

NAME = "comprehend-1"
AT_ONCE = 25


class Comprehend:
    """Implements `ports.Advises`."""

    def __init__(self, client: Callable[[], Any]) -> None:
        self._client = client
        self.spent = 0

    def costs(self, texts: Sequence[str]) -> int:
        return model_prices.pieces(texts)

    def ask(self, texts: Sequence[str], language: str) -> list[Opinion | None]:
        self.spent = 0
        return [opinion for part in _parts(texts) for opinion in self._ask(part, language)]

    def _ask(self, texts: Sequence[str], language: str) -> list[Opinion | None]:
        found: list[Opinion | None] = [None] * len(texts)
        reply = asked(
            "comprehend",
            lambda: self._client().batch_detect_sentiment(TextList=list(texts), LanguageCode=language),
        )
        self.spent += model_prices.pieces(texts)
        for result in reply["ResultList"]:
            found[result["Index"]] = _opinion(result["Sentiment"], result["SentimentScore"])
        return found


def _parts(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    return (texts[at : at + AT_ONCE] for at in range(0, len(texts), AT_ONCE))


def _opinion(label: str, score: dict[str, float]) -> Opinion:
    """What it gives to mixed is half good, half bad."""
    mixed = score["Mixed"] / 2
    weights = (score["Negative"] + mixed, score["Neutral"], score["Positive"] + mixed)
    return Opinion(Sentiment(label.lower()), spread(weights), NAME)
