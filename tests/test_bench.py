"""What the measurements measure is what they say."""

from bench.pages_town import event


def test_a_page_is_asked_for_with_its_query_as_it_stands() -> None:
    asked = event("/mentions?label=negative&from=2026-11-23~09%3A12%23x%231", "token")
    assert asked["path"] == "/mentions"
    assert asked["multiValueQueryStringParameters"] == {
        "label": ["negative"],
        "from": ["2026-11-23~09:12#x#1"],
    }
    assert event("/", "token")["multiValueQueryStringParameters"] is None
