"""What `ports.Hooks` and `ports.Pulse` promise."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.aws.table.brands import Brands
from chalicelib.aws.table.hooks import Hooks
from chalicelib.aws.table.pulse import Pulse
from chalicelib.domain.hook import KINDS, Call, CallState, Hook, Pause
from chalicelib.domain.pulse import Failure, KeyState, Tally
from chalicelib.errors import Conflict, NotFound
from tests.aws.test_brands import LIBRARY
from tests.conftest import NOW
from tests.harness.world import World

HOOK = Hook(
    brand=LIBRARY.id, id="w-1", url="https://ours.example/x", kinds=KINDS, made_at=NOW, made_by="Noor"
)
MINUTE = timedelta(minutes=1)


def call(n: int = 0, hook: str = "w-1", **changes: object) -> Call:
    made = Call(
        brand=LIBRARY.id,
        hook=hook,
        at=NOW + n * MINUTE,
        id=f"msg_{n}",
        type="case.waiting",
        body='{"a":"é"}',
        next_at=NOW,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_brand_brings_its_addresses_along(hooks: Hooks, brands: Brands) -> None:
    brands.put(LIBRARY)
    assert hooks.add(HOOK)
    assert not hooks.add(replace(HOOK, url="https://other.example"))
    assert hooks.of(LIBRARY.id) == [hooks.get(LIBRARY.id, "w-1")] == [HOOK]
    brands.put(LIBRARY)  # a brand that is written leaves them
    assert brands.get(LIBRARY.id) == replace(LIBRARY, hooks=(HOOK,))
    removed = replace(HOOK, removed=True)
    hooks.change(HOOK, removed)
    brands.put(LIBRARY)
    assert brands.get(LIBRARY.id).hooks == ()
    with pytest.raises(NotFound):
        hooks.get(LIBRARY.id, "w-1")
    assert not hooks.add(HOOK), "an id is used once"


def test_of_two_changes_one_counts(hooks: Hooks) -> None:
    hooks.add(HOOK)
    paused = replace(HOOK, paused=Pause.GONE, failing_since=NOW, reason="it answered 410")
    hooks.change(HOOK, paused)
    assert hooks.get(HOOK.brand, HOOK.id) == paused
    with pytest.raises(Conflict):
        hooks.change(HOOK, replace(HOOK, paused=Pause.PERSON))


def test_calls_wait_for_their_moment_and_rest_in_the_log(hooks: Hooks) -> None:
    later = call(3, next_at=NOW + 5 * MINUTE)
    hooks.queue([call(n) for n in range(3)] + [later])
    assert hooks.waiting(NOW)
    assert hooks.due(NOW, limit=10) == [call(0), call(1), call(2)]
    for n in range(3):
        hooks.settle(call(n, state=CallState.DONE, next_at=None, tries=1, status=204, ms=12, tried_at=NOW))
    assert not hooks.waiting(NOW)
    assert hooks.due(NOW + 5 * MINUTE, limit=10) == [later]
    newest, go_on = hooks.log(LIBRARY.id, "w-1", limit=3)
    rest, end = hooks.log(LIBRARY.id, "w-1", limit=3, before=go_on)
    assert [each.id for each in newest + rest] == ["msg_3", "msg_2", "msg_1", "msg_0"]
    assert end == ""
    assert hooks.call(LIBRARY.id, "w-1", NOW, "msg_0").status == 204
    with pytest.raises(NotFound):
        hooks.call(LIBRARY.id, "w-1", NOW, "msg_9")


def test_who_has_many_waiting_keeps_nobody_back(hooks: Hooks) -> None:
    hooks.queue([call(n, "w-0") for n in range(30)] + [call(1)])
    assert {each.hook for each in hooks.due(NOW, limit=5)} == {"w-0", "w-1"}
    assert len(hooks.due(NOW, limit=5)) == 6


def test_a_lease_is_one_workers_until_it_is_freed_or_over(hooks: Hooks) -> None:
    assert hooks.lease(HOOK, NOW, NOW + 3 * MINUTE)
    assert not hooks.lease(HOOK, NOW + MINUTE, NOW + 4 * MINUTE)
    assert hooks.lease(HOOK, NOW + 3 * MINUTE, NOW + 6 * MINUTE)
    hooks.free(HOOK)
    assert hooks.lease(HOOK, NOW + 4 * MINUTE, NOW + 7 * MINUTE)
    assert hooks.log(HOOK.brand, HOOK.id) == ([], ""), "a lease is no call"


def test_calls_go_after_a_month(hooks: Hooks, aws: World) -> None:
    hooks.queue([call()])
    (item,) = aws.items("H#")
    assert int(item["ttl"]["N"]) == int((NOW + timedelta(days=30)).timestamp())


def test_the_pulse_remembers_the_last_of_each(pulse: Pulse) -> None:
    pulse.ran("measure", NOW)
    pulse.ran("measure", NOW + MINUTE)
    assert pulse.runs() == {"measure": NOW + MINUTE}
    pulse.key_worked("lindebieb", "wall", NOW)
    pulse.key_refused("lindebieb", "wall", NOW + MINUTE)
    pulse.key_refused("lindebieb", "wall", NOW + 2 * MINUTE)
    tally = Tally(month="2026-11", at=NOW, mentions=12, sent=3)
    pulse.count("lindebieb", tally)
    refused = KeyState(channel="wall", worked=NOW, refused_since=NOW + MINUTE)
    assert pulse.of("lindebieb", "2026-11") == ([refused], tally)
    broken = Failure(what="2026-11", at=NOW, reason="a fault of ours: KeyError")
    pulse.failed("lindebieb", replace(broken, reason="mail: Throttled"))
    pulse.failed("lindebieb", broken)
    pulse.failed("lindebieb", replace(broken, what="2026-11/late"))
    pulse.mended("lindebieb", "2026-11/late", NOW)
    assert pulse.failures("lindebieb") == {"2026-11": broken}
    assert pulse.failures("andere") == {}
    assert pulse.of("lindebieb", "2026-11") == ([refused], tally)
    pulse.key_worked("lindebieb", "wall", NOW + 3 * MINUTE)
    assert pulse.of("lindebieb", "2026-12") == ([KeyState(channel="wall", worked=NOW + 3 * MINUTE)], None)
