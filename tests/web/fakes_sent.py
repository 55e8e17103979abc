"""The ports of what leaves, in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import StandingApproval
from chalicelib.domain.case import CaseKey
from chalicelib.domain.delivery import Delivery, DeliveryKey, DeliveryState
from chalicelib.domain.drill import Drill
from chalicelib.domain.hook import Call
from chalicelib.domain.measuring import AGES, Following, Measurement, next_step
from chalicelib.domain.outreach import Deed, DeedState, Handle, Morning
from chalicelib.domain.post import Post, PostEvent, PostKey
from chalicelib.errors import Braked, Conflict, NotFound
from chalicelib.ports import Brake, Due, Letter, Outgoing, Queue
from tests.web.fakes import Audit, Cases
from tests.web.fakes_brand import Brands


class Posts:
    """`deliveries` are those of posts; those of cases lie with `fakes.Cases`."""

    def __init__(self) -> None:
        self.kept: dict[PostKey, Post] = {}
        self.deliveries: dict[DeliveryKey, Delivery] = {}
        self.events: dict[PostKey, dict[str, PostEvent]] = {}
        self.mornings = Mornings()

    def get(self, key: PostKey) -> tuple[Post, list[Delivery]]:
        if key not in self.kept:
            raise NotFound(str(key))
        ours = [each for each in self.deliveries.values() if each.key.owner == key]
        return self.kept[key], sorted(ours, key=lambda each: (each.key.channel, each.key.n, each.key.comment))

    def get_many(self, keys: Sequence[PostKey]) -> list[Post]:
        return [self.kept[key] for key in keys if key in self.kept]

    def add(
        self,
        post: Post,
        deliveries: Sequence[Delivery],
        event: PostEvent,
        deed: tuple[Morning, AuditLine] | None = None,
    ) -> bool:
        if post.key in self.kept:
            return False
        if deed:
            self.mornings.change(*deed)
        self.kept[post.key] = post
        self.deliveries |= {each.key: each for each in deliveries}
        self.note(post.key, event)
        return True

    def change(
        self, post: Post, changes: Sequence[tuple[Delivery | None, Delivery]], event: PostEvent
    ) -> None:
        if self.kept[post.key].rev != post.rev - 1:
            raise Conflict("changed")
        for was, now in changes:
            kept = self.deliveries.get(now.key)
            if (was and (was.state, was.epoch)) != (kept and (kept.state, kept.epoch)):
                raise Conflict("its delivery changed")
        self.kept[post.key] = post
        self.deliveries |= {now.key: now for _, now in changes}
        self.note(post.key, event)

    def conclude(
        self,
        delivery: Delivery,
        event: PostEvent,
        calls: Sequence[Call] = (),
        *,
        alone: bool = False,
        below: Delivery | None = None,
    ) -> None:
        if self.deliveries[delivery.key].epoch != delivery.epoch:
            raise Conflict("lost the lease")
        self.deliveries[delivery.key] = delivery
        if below:
            self.deliveries.setdefault(below.key, below)
        assert isinstance(delivery.key.owner, PostKey)
        self.note(delivery.key.owner, event)

    def whose(self, brand: str, channel: str, remote_id: str) -> DeliveryKey | None:
        return None

    def history(self, key: PostKey) -> list[PostEvent]:
        return sorted(self.events.get(key, {}).values(), key=lambda event: event.at)

    def note(self, key: PostKey, event: PostEvent) -> None:
        self.events.setdefault(key, {})[f"{event.kind.value}{event.id}"] = event


class StandingApprovals:
    """They lie beside the brand, which brings them along."""

    def __init__(self, brands: Brands, cases: Cases, audit: Audit) -> None:
        self._brands, self._cases, self._audit = brands, cases, audit

    def of(self, brand: str) -> list[StandingApproval]:
        found = self._brands.kept[brand].standing if brand in self._brands.kept else ()
        return sorted(found, key=lambda each: (each.signed_at, each.id), reverse=True)

    def get(self, brand: str, id: str) -> StandingApproval:
        found = next((each for each in self.of(brand) if each.id == id), None)
        if found is None:
            raise NotFound(id)
        return found

    def add(self, approval: StandingApproval, *lines: AuditLine) -> bool:
        if any(each.id == approval.id for each in self.of(approval.brand)):
            return False
        self._keep(approval, lines)
        return True

    def change(self, approval: StandingApproval, *lines: AuditLine) -> None:
        if self.get(approval.brand, approval.id).rev != approval.rev - 1:
            raise Conflict(approval.id)
        self._keep(approval, lines)

    def sent(self, brand: str, id: str, *, limit: int) -> list[DeliveryKey]:
        every = [each for found in self._cases.deliveries.values() for each in found if each.under == id]
        every.sort(key=lambda each: each.approved_at, reverse=True)
        return [each.key for each in every if each.key.brand == brand][:limit]

    def _keep(self, approval: StandingApproval, lines: Sequence[AuditLine]) -> None:
        brand = self._brands.kept[approval.brand]
        others = tuple(each for each in brand.standing if each.id != approval.id)
        self._brands.kept[approval.brand] = replace(brand, standing=(*others, approval))
        for line in lines:
            self._audit.note(line)


class Drills:
    def __init__(self, audit: Audit) -> None:
        self.kept: dict[tuple[str, str], Drill] = {}
        self._audit = audit

    def of(self, brand: str) -> list[Drill]:
        found = (each for (of, _), each in self.kept.items() if of == brand)
        return sorted(found, key=lambda each: each.started_at, reverse=True)

    def get(self, brand: str, id: str) -> Drill:
        if (brand, id) not in self.kept:
            raise NotFound(id)
        return self.kept[brand, id]

    def add(self, drill: Drill, *lines: AuditLine) -> bool:
        if (drill.brand, drill.id) in self.kept:
            return False
        self._keep(drill, lines)
        return True

    def change(self, drill: Drill, *lines: AuditLine) -> None:
        if self.get(drill.brand, drill.id).rev != drill.rev - 1:
            raise Conflict(drill.id)
        self._keep(drill, lines)

    def _keep(self, drill: Drill, lines: Sequence[AuditLine]) -> None:
        self.kept[drill.brand, drill.id] = drill
        for line in lines:
            self._audit.note(line)


class Brakes:
    def __init__(self) -> None:
        self.kept: dict[str, Brake] = {}

    def get(self, brand: str) -> Brake | None:
        return self.kept.get(brand)

    def pull(self, brand: str, by: str, now: datetime, by_id: str = "") -> Brake:
        return self.kept.setdefault(brand, Brake(now, by))

    def lift(self, brand: str, brake: Brake, by: str, now: datetime, by_id: str = "") -> bool:
        if self.kept.get(brand) != brake:
            return False
        del self.kept[brand]
        return True


class Deliveries:
    """All there are: under the cases and under the posts."""

    def __init__(self, cases: Cases, posts: Posts, brakes: Brakes) -> None:
        self.cases, self.posts, self.brakes = cases, posts, brakes

    def all(self) -> list[Delivery]:
        replies = [each for found in self.cases.deliveries.values() for each in found]
        return sorted([*replies, *self.posts.deliveries.values()], key=_at)

    def get(self, key: DeliveryKey) -> Delivery:
        found = next((each for each in self.all() if each.key == key), None)
        if found is None:
            raise NotFound(str(key))
        return found

    def get_many(self, keys: Sequence[DeliveryKey]) -> list[Delivery]:
        return [each for each in self.all() if each.key in keys]

    def move(self, was: Delivery, after: Delivery) -> bool:
        raise NotImplementedError

    def claim(self, was: Delivery, claimed: Delivery) -> bool:
        brake = self.brakes.get(was.key.brand)
        if was.state is DeliveryState.PLANNED and brake and was.released != brake.pulled_at:
            raise Braked("the brake is on")
        kept = self.get(was.key)
        return (kept.state, kept.epoch) == (was.state, was.epoch) and self._put(claimed)

    def settle(self, delivery: Delivery) -> bool:
        return self.get(delivery.key).epoch == delivery.epoch and self._put(delivery)

    def due(self, until: datetime, *, since: datetime | None = None, limit: int = 1000) -> list[Due]:
        return [Due(each.key, each.due) for each in self.all() if not each.state.rests and each.due <= until]

    def planned(self, brand: str, now: datetime) -> list[Delivery]:
        ours = (each for each in self.all() if each.key.brand == brand)
        return [each for each in ours if each.state is DeliveryState.PLANNED]

    def held(self, brand: str) -> list[Delivery]:
        def waits(each: Delivery) -> bool:
            failed = each.state is DeliveryState.FAILED and isinstance(each.key.owner, PostKey)
            return each.state is DeliveryState.HELD or failed

        return [each for each in self.all() if each.key.brand == brand and waits(each)]

    def between(self, brand: str, start: datetime, end: datetime) -> list[Outgoing]:
        return [
            Outgoing(
                key=each.key,
                at=_at(each),
                state=each.state,
                text=each.title or each.text.strip().partition("\n")[0],
                language=each.language,
                reason=each.reason,
                way=each.way,
                commented=bool(each.comment),
            )
            for each in self.all()
            if not each.key.comment and each.key.brand == brand and start <= _at(each) < end
        ]

    def to_measure(self, now: datetime) -> list[DeliveryKey]:
        found = []
        for each in self.all():
            step = next_step(each.sent_at, each.measured) if each.sent_at else None
            if each.state is DeliveryState.CONFIRMED and step and step <= now:
                found.append(each.key)
        return found

    def _put(self, delivery: Delivery) -> bool:
        if isinstance(delivery.key.owner, PostKey):
            self.posts.deliveries[delivery.key] = delivery
        else:
            ours = self.cases.deliveries[delivery.key.owner]
            ours[:] = [delivery if each.key == delivery.key else each for each in ours]
        return True


class Measurements:
    def __init__(self, deliveries: Deliveries) -> None:
        self.deliveries = deliveries
        self.kept: dict[DeliveryKey, list[Measurement]] = {}

    def add(self, delivery: Delivery, measurement: Measurement) -> bool:
        if self.deliveries.get(delivery.key).measured != delivery.measured:
            return False
        self.kept.setdefault(delivery.key, []).append(measurement)
        return self.deliveries.settle(replace(delivery, measured=measurement.step))

    def skip(self, delivery: Delivery) -> None:
        self.deliveries.settle(replace(delivery, measured=len(AGES)))

    def of(self, owner: CaseKey | PostKey) -> list[tuple[DeliveryKey, Measurement]]:
        found = [(key, each) for key, kept in self.kept.items() for each in kept if key.owner == owner]
        return sorted(found, key=lambda pair: pair[1].at)


class Followings:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str, str], Following] = {}

    def put(self, brand: str, following: Following) -> None:
        self.kept[brand, following.channel, following.day] = following

    def of(self, brand: str, channel: str, first: str, last: str) -> list[Following]:
        days = sorted(day for who, where, day in self.kept if (who, where) == (brand, channel))
        return [self.kept[brand, channel, day] for day in days if first <= day <= last]


class Mornings:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Morning] = {}

    def get(self, brand: str, day: str) -> Morning | None:
        return self.kept.get((brand, day))

    def add(self, morning: Morning) -> bool:
        key = morning.brand, morning.day
        return key not in self.kept and self.kept.setdefault(key, morning) is morning

    def change(self, morning: Morning, *lines: AuditLine) -> None:
        key = morning.brand, morning.day
        if self.kept[key].rev != morning.rev - 1:
            raise Conflict("changed")
        self.kept[key] = morning

    def between(self, brand: str, first: str, last: str) -> list[Morning]:
        found = [each for (who, day), each in self.kept.items() if who == brand and first <= day <= last]
        return sorted(found, key=lambda each: each.day)

    def followed(self, brand: str) -> set[Handle]:
        ours = [each for (who, _), each in self.kept.items() if who == brand]
        done = [one for each in ours for one in each.outreach if one.state is DeedState.DONE]
        return {(one.platform, one.author) for one in done if one.deed is Deed.FOLLOW}


class Bucket:
    def __init__(self) -> None:
        self.kept: dict[str, tuple[bytes, str]] = {}

    def put_once(self, name: str, body: bytes, kind: str) -> bool:
        return name not in self.kept and self.kept.setdefault(name, (body, kind))[0] is body

    def put(self, name: str, body: bytes, kind: str) -> None:
        self.kept[name] = body, kind

    def remove(self, names: Sequence[str]) -> None:
        for name in names:
            self.kept.pop(name, None)

    def get(self, name: str) -> bytes | None:
        return self.kept[name][0] if name in self.kept else None

    def names(self, prefix: str) -> list[str]:
        return sorted(name for name in self.kept if name.startswith(prefix))

    def link(self, name: str, *, seconds: int, save_as: str = "") -> str:
        return f"https://bucket.example/{name}?seconds={seconds}&save_as={save_as}"


class Pipes:
    def __init__(self) -> None:
        self.queues = [Queue(name="deliver", waiting=0, at_work=0, dead=0)]
        self.dead: dict[str, list[Letter]] = {}
        self.redriven: list[str] = []

    def state(self) -> list[Queue]:
        return [replace(each, dead=len(self.dead.get(each.name, ()))) for each in self.queues]

    def letters(self, queue: str) -> list[Letter]:
        return self.dead.get(queue, [])

    def redrive(self, queue: str, until: datetime | None = None) -> int:
        self.redriven.append(queue)
        return len(self.dead.pop(queue, ()))


def _at(delivery: Delivery) -> datetime:
    return delivery.sent_at or delivery.due
