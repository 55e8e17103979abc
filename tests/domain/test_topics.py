"""The brand's own list of topics, and what its mentions suggest for it."""

from chalicelib.domain import topics
from chalicelib.domain.brand import Topic

FINES = Topic(id="fines", name="Boetes", words=("boete*", "te laat"))
LIFT = Topic(id="lift", name="De lift", words=("lift",))


def test_a_mention_has_every_topic_whose_words_it_holds() -> None:
    assert topics.found((FINES, LIFT), "De lift is stuk en ik kreeg een boetebrief") == ("fines", "lift")
    assert topics.found((FINES, LIFT), "De liften") == ()
    assert topics.found((), "De lift") == ()


def test_words_that_many_mentions_share_are_suggested() -> None:
    texts = [f"De koffie automaat is {word}" for word in ("leeg", "stuk", "lauw", "duur")]
    texts += [f"Een boete van {n} euro" for n in range(9)] + [f"hallo {word}" for word in "abcdefghijklm"]
    found = topics.suggested(texts, (FINES,))
    assert found[0] == topics.Suggestion("koffie automaat", 4)
    assert all("boete" not in one.word and one.word != "koffie" for one in found)


def test_what_nearly_everybody_says_and_small_words_are_no_topics() -> None:
    texts = [f"De bibliotheek en {word}" for word in "abcdefghijklmnopqrstuvwxyz"]
    assert topics.suggested(texts) == []
    assert topics.suggested([]) == []
