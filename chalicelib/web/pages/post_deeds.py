"""What a person does to a post: change it, cancel it, let go what waits, take away what is there.

Whoever was second reads what happened meanwhile, and loses no word of their own.
"""

from collections.abc import Mapping, Sequence

from chalicelib.domain.delivery import STOPPABLE, Delivery, DeliveryKey
from chalicelib.domain.post import BOOST, ImageFile, Post, Slot
from chalicelib.domain.roles import Deed
from chalicelib.errors import BadInput, Conflict, Left, NotFound
from chalicelib.stages import plan
from chalicelib.web import outgoing, picturing, wishing
from chalicelib.web.pages import composer
from chalicelib.web.pages.post import Found, key_of, page, read, said
from chalicelib.web.reasons import told
from chalicelib.web.visit import Go, Outcome, Page, Visit


def edit(visit: Visit, id: str) -> Outcome:
    """The composer with the post in it; a free slot that was picked in its place."""
    found = read(visit, key_of(visit, id))
    if found.post.cancelled or not _open(found):
        return Go(f"/posts/{id}")
    return _form(visit, found, _given(found.post), found.post.rev, images=found.post.images)


def change(visit: Visit, id: str) -> Outcome:
    key, given, desk = key_of(visit, id), dict(visit.form), visit.desk
    found = read(visit, key)
    rev = _number(visit, "rev")
    images, refused = picturing.of(visit)
    if "pick" in given or picturing.asked(visit):
        given |= {"when": given["pick"], "zone": visit.brand.zone} if "pick" in given else {}
        return _form(visit, found, given, rev, images=images, faults=refused)
    slot = found.post.slot
    wish, unread = composer.read(visit, id, images, wishing.zone_of(given, slot, visit.brand))
    unread += refused
    counts, album = wishing.counting(desk, visit.brand), wishing.album(desk)
    wrong = plan.faults(wish, brand=visit.brand, counts=counts, now=visit.now, kept=slot, album=album)
    if not unread:
        try:
            plan.change(
                key,
                rev,
                wish,
                visit.member.name,
                by_id=visit.member.id,
                brand=visit.brand,
                posts=desk.posts,
                tasks=desk.tasks,
                counts=counts,
                now=visit.now,
                album=album,
            )
            return Go(f"/posts/{id}?done=changed")
        except Conflict as error:
            found = read(visit, key)
            happened = told(str(error), visit.words) if isinstance(error, Left) else _happened(visit, id)
            return _form(visit, found, given, found.post.rev, images=images, happened=happened)
        except BadInput as error:
            wrong = wrong or [error]
    return _form(visit, found, given, rev, images=images, faults=[*unread, *wrong])


def cancel(visit: Visit, id: str) -> Outcome:
    key = key_of(visit, id)
    try:
        plan.cancel(
            key,
            _number(visit, "rev"),
            visit.member.name,
            by_id=visit.member.id,
            posts=visit.desk.posts,
            now=visit.now,
        )
    except Conflict:
        return page(visit, key, happened=_happened(visit, id))
    return Go(f"/posts/{id}?done=cancelled")


def release(visit: Visit, id: str) -> Outcome:
    """Let one channel's message go: now, or at a moment; past the brake where this person may."""
    key, desk, words = key_of(visit, id), visit.desk, visit.words
    try:
        plan.release(
            _delivery(visit, id),
            visit.member.name,
            by_id=visit.member.id,
            deliveries=desk.deliveries,
            posts=desk.posts,
            cases=desk.cases,
            brakes=desk.brakes if visit.may(Deed.UPKEEP) else None,
            tasks=desk.tasks,
            now=visit.now,
            slot=_slot(visit) if visit.form.get("do") == "later" else None,
        )
    except Conflict:
        return page(visit, key, happened=_happened(visit, id))
    except BadInput as error:
        return page(visit, key, fault=told(error.message, words), field=_field(visit))
    return Go(f"/posts/{id}?done=released")


def leave(visit: Visit, id: str) -> Outcome:
    """What waits on one channel stays unsent."""
    key, by = key_of(visit, id), visit.member
    try:
        plan.drop(_delivery(visit, id), by.name, by_id=by.id, posts=visit.desk.posts, now=visit.now)
    except Conflict:
        return page(visit, key, happened=_happened(visit, id))
    return Go(f"/posts/{id}?done=left")


def remove(visit: Visit, id: str) -> Outcome:
    key = key_of(visit, id)
    try:
        plan.remove(
            _delivery(visit, id),
            visit.member.name,
            by_id=visit.member.id,
            posts=visit.desk.posts,
            tasks=visit.desk.tasks,
            counts=wishing.counting(visit.desk, visit.brand),
            now=visit.now,
        )
    except Conflict:
        return page(visit, key, happened=_happened(visit, id))
    except BadInput as error:
        return page(visit, key, fault=told(error.message, visit.words), field=_field(visit))
    return Go(f"/posts/{id}?done=removing")


def correct(visit: Visit, id: str) -> Outcome:
    """Have what stands at a network say something else."""
    key = key_of(visit, id)
    try:
        plan.edit(
            _delivery(visit, id),
            visit.form.get("text", ""),
            visit.member.name,
            by_id=visit.member.id,
            brand=visit.brand,
            posts=visit.desk.posts,
            tasks=visit.desk.tasks,
            counts=wishing.counting(visit.desk, visit.brand),
            now=visit.now,
            past=visit.brake,
        )
    except Conflict:
        return page(visit, key, happened=_happened(visit, id))
    except BadInput as error:
        below = ".comment" if "comment" in visit.form else ""
        field = f"correct.{visit.form.get('channel', '')}{below}"
        return page(visit, key, fault=told(error.message, visit.words), field=field)
    return Go(f"/posts/{id}?done=editing")


def _delivery(visit: Visit, id: str) -> DeliveryKey:
    """The one that the form names. Raises NotFound for a channel that is none."""
    if visit.brand.channel(visit.form.get("channel", "")) is None:
        raise NotFound("no such channel")
    below = _number(visit, "comment") if "comment" in visit.form else 0
    return DeliveryKey(key_of(visit, id), visit.form["channel"], _number(visit, "n"), below)


def _slot(visit: Visit) -> Slot:
    return wishing.slot_at(visit.form.get("when", ""), visit.brand.zone)


def _field(visit: Visit) -> str:
    return f"when.{visit.form.get('channel', '')}"


def _number(visit: Visit, name: str) -> int:
    given = visit.form.get(name, "")
    if not given.isascii() or not given.isdecimal() or len(given) > 9:
        raise BadInput(name, "a form of ours")
    return int(given)


def _open(found: Found) -> bool:
    return any(each.state in STOPPABLE for each in found.newest)


def _given(post: Post) -> dict[str, str]:
    """The post as the form has it: what all channels say stands in the common text."""
    texts = {each.text for each in post.variants if each.way != BOOST}
    common = texts.pop() if len(texts) == 1 else ""
    given = {f"to.{each.channel}": "1" for each in post.variants}
    if not common:
        given |= {f"text.{each.channel}": each.text for each in post.variants if each.text}
    given |= {name: getattr(post, name) for name in wishing.PLAIN}
    given |= {"when": post.slot.wall, "zone": post.slot.zone}
    given |= {f"way.{each.channel}": each.way for each in post.variants if each.way}
    given |= {"of": post.of.key.slug} if post.of else {}
    given |= {"comment": post.comment} if post.comment else {}
    return given | {"text": common, "lateness": str(post.lateness)}


def _form(
    visit: Visit,
    found: Found,
    given: Mapping[str, str],
    rev: int,
    *,
    images: Sequence[ImageFile] = (),
    faults: Sequence[BadInput] = (),
    happened: str = "",
) -> Page:
    """The composer as a change of this post; with `happened` it says who was first, and what they made."""
    id, words = found.post.key.id, visit.words
    now = [(outgoing.channel(visit.brand, each.key.channel, words), each.text) for each in found.newest]
    slot = found.post.slot
    zone = wishing.zone_of(given, slot, visit.brand)
    channels = wishing.publishing(visit.desk, visit.brand)
    stoppable = [each.key.channel for each in found.newest if each.state in STOPPABLE]
    values = {
        "changing": True,
        "zone": zone,
        "moment": words.long_moment(slot.at()) if zone != visit.brand.zone else "",
        "gone": [outgoing.channel(visit.brand, id, words) for id in stoppable if id not in channels],
        "action": f"/posts/{id}/change",
        "heading": words.gettext("Change the post"),
        "happened": happened,
        "theirs": now if happened else [],
    }
    return composer.form(
        visit,
        given,
        {"id": id, "rev": rev},
        images=images,
        faults=faults,
        settled=[_settled(each, visit) for each in found.newest if each.state not in STOPPABLE],
        values=values,
        status=409 if happened else 0,
    )


def _settled(delivery: Delivery, visit: Visit) -> composer.Settled:
    """What has left is there to be read, and what somebody typed instead to be copied."""
    typed = visit.form.get(f"text.{delivery.key.channel}", "").strip()
    return composer.Settled(
        channel=delivery.key.channel,
        name=outgoing.channel(visit.brand, delivery.key.channel, visit.words),
        text=delivery.text,
        state=delivery.state.value,
        reason=told(delivery.reason, visit.words),
        typed=typed if typed != delivery.text else "",
    )


def _happened(visit: Visit, id: str) -> str:
    """The newest line of the history, with its moment."""
    history = visit.desk.posts.history(key_of(visit, id))
    if not history:
        return visit.words.gettext("Somebody changed this post")
    at = visit.words.moment(history[-1].at)
    return visit.words.gettext("%(what)s, %(time)s", what=said(history[-1], visit), time=at)
