"""Watches for the brand open cases; what only a topic or a peer brought is counted, and is no work."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.brand import Watch
from chalicelib.domain.mention import MentionKey
from chalicelib.domain.month import to_bytes
from chalicelib.domain.query import to_text
from chalicelib.querying.parse import parse
from chalicelib.stages.amend import JSON, Amender, file_name
from chalicelib.stages.surge import counted
from tests.stages.town import COMPLAINT, Town, brand, gatherer

PEER = "Weer uren gewacht bij Boekerij Zuid, schandalig slecht geregeld en ik ben woedend!"
BOTH = "Lindebieb is net zo slecht als Boekerij Zuid: schandalig, ik ben woedend en wacht op antwoord!"


def query(id: str, kind: str, written: str) -> Watch:
    return Watch(id=id, name=id.title(), kind=kind, query=written, plan=to_text(parse(written)))


def listening(town: Town) -> None:
    peers = query("south", "peer", '"Boekerij Zuid" NOT vacature*')
    wiring.brands().put(replace(brand(), watches=(*brand().watches, peers)))
    town.feed(PEER, BOTH, COMPLAINT, "Vacature bij Boekerij Zuid")
    town.tick()
    town.drain()


def test_what_a_peer_brought_is_kept_and_judged_and_is_no_work(town: Town) -> None:
    listening(town)
    assert len(town.judged()) == 3, "the vacancy was not asked for"
    texts = [wiring.mentions().get(case.mention)[0].text for case in town.cases()]
    assert sorted(texts) == sorted([BOTH, COMPLAINT])
    kept = [wiring.mentions().get(MentionKey(*pk.split("#", 3)[1:]))[0] for pk in town.judged()]
    assert {(each.text, each.aside, "south" in each.watches) for each in kept} == {
        (PEER, True, True),
        (BOTH, False, True),
        (COMPLAINT, False, False),
    }
    assert not any("uren gewacht" in vars(mail)["body"] for mail in town.world.mails())


def test_it_counts_in_the_share_of_voice_alone(town: Town) -> None:
    listening(town)
    now = wiring.brands().get(brand().id)
    facts = gatherer().facts(now, f"{town.now:%Y-%m}", (), town.now)
    assert {row.text[:8] for row in facts.mentions} == {BOTH[:8], COMPLAINT[:8]}
    assert {row.text[:8] for row in facts.beside} == {BOTH[:8], PEER[:8]}
    assert [(each.id, each.kind) for each in facts.watches][-1] == ("south", "peer")
    hour = town.now.replace(minute=0, second=0, microsecond=0)
    total, _ = counted(now, wiring.mentions(), hour - timedelta(hours=1), hour + timedelta(hours=1))
    assert total == 2


@pytest.mark.parametrize("becomes", ["removed", "brand", "brand, then removed"])
def test_a_watch_that_is_removed_or_changed_makes_no_error_of_a_report(town: Town, becomes: str) -> None:
    listening(town)
    was, later = wiring.brands().get(brand().id), town.now + timedelta(days=20)
    month = f"{town.now:%Y-%m}"
    reported = gatherer().facts(was, month, (), later)
    bucket = wiring.bucket()
    bucket.put_once(file_name(was, month, "facts.json"), to_bytes(reported), JSON)
    after = was
    if "brand" in becomes:
        after = replace(brand(), watches=(*brand().watches, query("south", "brand", "Zuid"))).following(after)
    if "removed" in becomes:
        after = brand().following(after)
    wiring.brands().put(after)
    assert not Amender(gatherer(), bucket).run(after, month, later + timedelta(days=1))
    assert not bucket.names(file_name(was, month, "erratum-"))


def test_what_a_peer_that_was_removed_brought_stays_talk_of_others(town: Town) -> None:
    listening(town)
    was = wiring.brands().get(brand().id)
    wiring.brands().put(brand().following(was))
    now, _ = wiring.brands().latest(brand().id)
    facts = gatherer().facts(now, f"{town.now:%Y-%m}", (), town.now)
    assert {row.text[:8] for row in facts.mentions} == {BOTH[:8], COMPLAINT[:8]}
    hour = town.now.replace(minute=0, second=0, microsecond=0)
    total, _ = counted(now, wiring.mentions(), hour - timedelta(hours=1), hour + timedelta(hours=1))
    assert total == 2
