"""What people do about posts, in a town (`town.py`): plan, change, cancel, brake, let go, take away."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib import wiring
from chalicelib.domain.delivery import Delivery, DeliveryKey, DeliveryState
from chalicelib.domain.post import ImageFile, Post, PostEvent, PostKey, Slot
from chalicelib.ports import Brake, Counts
from chalicelib.stages import brake, plan
from chalicelib.stages.plan import Wish
from tests.images import SMALL

BRAND = "lindebieb"
ZONE = "Europe/Amsterdam"
POST = "Zaterdag zijn we open van 10 tot 17 uur. Kom langs!"


@dataclass(frozen=True)
class Told:
    """A post as it is kept now."""

    post: Post
    deliveries: list[Delivery]
    history: list[PostEvent]

    @property
    def states(self) -> list[DeliveryState]:
        return [delivery.state for delivery in self.deliveries]


class Planning:
    """Everything happens at `now`; moments are wall times of the brand's zone."""

    now: datetime

    def wish(self, when: str, text: str = POST, id: str = "post", **more: Any) -> Wish:
        texts = more.pop("texts", None) or (("wall", text),)
        given = {"title": "Zaterdag open", "language": "nl", **more}
        return Wish(id=id, texts=texts, slot=Slot(when, ZONE), **given)

    def plan(self, when: str, text: str = POST, id: str = "post", by: str = "Noor", **more: Any) -> PostKey:
        made = plan.plan(
            self.wish(when, text, id, **more),
            by,
            brand=wiring.brands().get(BRAND),
            posts=wiring.posts(),
            tasks=wiring.tasks(),
            counts=self.counts,
            now=self.now,
            album=wiring.album(),
        )
        return made.key

    def change(self, key: PostKey, by: str = "Sam", **changes: Any) -> Post:
        """As a person who reads the post now and fills in the form anew; `when` is a wall time."""
        post = self.post(key).post
        if when := changes.pop("when", ""):
            changes["slot"] = Slot(when, ZONE)
        if text := changes.pop("text", ""):
            changes["texts"] = tuple((variant.channel, text) for variant in post.variants)
        now = Wish(
            id=key.id,
            title=post.title,
            language=post.language,
            texts=tuple((variant.channel, variant.text) for variant in post.variants),
            slot=post.slot,
            lateness=post.lateness,
            images=post.images,
            comment=post.comment,
            of=post.of,
            ways=tuple((each.channel, each.way) for each in post.variants if each.way),
        )
        return plan.change(
            key,
            post.rev,
            replace(now, **changes),
            by,
            brand=wiring.brands().get(BRAND),
            posts=wiring.posts(),
            tasks=wiring.tasks(),
            counts=self.counts,
            now=self.now,
            album=wiring.album(),
        )

    def image(self, kind: str = "image/jpeg", alt: str = "Een brood, opengesneden.") -> ImageFile:
        """As somebody adds it to a form, and says what it shows."""
        return replace(wiring.album().take_in(BRAND, SMALL[kind]), alt=alt)

    def cancel(self, key: PostKey, by: str = "Sam") -> Post:
        return plan.cancel(key, self.post(key).post.rev, by, posts=wiring.posts(), now=self.now)

    def release(self, key: DeliveryKey, by: str = "Sam", when: str = "") -> None:
        slot = Slot(when, ZONE) if when else None
        plan.release(key, by, **self._sent(), now=self.now, slot=slot)

    def remove(self, key: DeliveryKey, by: str = "Sam") -> None:
        tasks = wiring.tasks()
        plan.remove(key, by, posts=wiring.posts(), tasks=tasks, counts=self.counts, now=self.now)

    def correct(self, key: DeliveryKey, text: str, by: str = "Sam") -> None:
        plan.edit(
            key,
            text,
            by,
            brand=wiring.brands().get(BRAND),
            posts=wiring.posts(),
            tasks=wiring.tasks(),
            counts=self.counts,
            now=self.now,
        )

    def pull(self, by: str = "Sam") -> Brake:
        return brake.pull(BRAND, by, brakes=wiring.brakes(), now=self.now)

    def waiting(self) -> list[Delivery]:
        return brake.waiting(BRAND, deliveries=wiring.deliveries(), now=self.now)

    def decide(self, decision: brake.Decision, *keys: DeliveryKey, by: str = "Sam") -> list[Delivery]:
        """The same about each of these, or about all that waits."""
        about = keys or tuple(delivery.key for delivery in self.waiting())
        return brake.decide(BRAND, dict.fromkeys(about, decision), by, **self._sent(), now=self.now)

    def counts(self, channel: str) -> Counts | None:
        made: Counts = wiring.channel_platform(wiring.brands().get(BRAND), channel)
        return made

    def post(self, key: PostKey) -> Told:
        post, deliveries = wiring.posts().get(key)
        return Told(post, deliveries, wiring.posts().history(key))

    def delivery(self, key: PostKey) -> Delivery:
        """The message itself, without its first comment."""
        (only,) = (each for each in self.post(key).deliveries if not each.key.comment)
        return only

    def comment(self, key: PostKey) -> Delivery:
        """The newest sending of its first comment."""
        return [each for each in self.post(key).deliveries if each.key.comment][-1]

    def _sent(self) -> dict[str, Any]:
        """What the stages of what leaves ask for."""
        names = ("deliveries", "posts", "cases", "brakes", "tasks")
        return {name: getattr(wiring, name)() for name in names}
