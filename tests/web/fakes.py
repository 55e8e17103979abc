"""The ports, in memory."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.advice import Opinion
from chalicelib.domain.apikey import ApiKey
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brand import Lessons
from chalicelib.domain.case import Case, CaseEvent, CaseKey, Done, EventKind, Waiting, waiting
from chalicelib.domain.correction import Correction
from chalicelib.domain.delivery import Delivery
from chalicelib.domain.delta import Delta
from chalicelib.domain.hook import Call, Hook
from chalicelib.domain.mailing import Mailing
from chalicelib.domain.mention import Copy, Mention, MentionKey
from chalicelib.domain.promise import Promise, PromiseKey, PromiseState, unmade
from chalicelib.domain.pulse import Failure, KeyState, Tally
from chalicelib.domain.tested import Tested
from chalicelib.domain.verdict import Verdict
from chalicelib.errors import Conflict, NotFound, PlatformError, Unavailable
from chalicelib.ports import Asked, Counts, Dossier, Listing, Looked, Outgoing, Viewer, Waits, Wanted
from chalicelib.ports.heard import EVERYTHING
from chalicelib.tasks import Task


class Opinions:
    """What was asked, by brand, day and what of."""

    def __init__(self) -> None:
        self.asked: dict[tuple[str, str, str], int] = {}

    def kept(self, brand: str, questions: Sequence[str]) -> dict[str, Opinion]:
        raise NotImplementedError

    def keep(self, brand: str, opinions: Mapping[str, Opinion], now: datetime) -> None:
        raise NotImplementedError

    def spend(self, brand: str, now: datetime, number: int, most: int, of: str = "") -> int:
        key = brand, now.date().isoformat(), of
        granted = min(number, most - self.asked.get(key, 0))
        self.asked[key] = self.asked.get(key, 0) + granted
        return granted


class Model:
    """Says `said`, or fails with it; `asked` is what it was told and given."""

    def __init__(self) -> None:
        self.said: str | PlatformError = '{"text": "We zoeken het uit.", "sources": [1]}'
        self.asked: list[tuple[str, str]] = []
        self.spent = 400

    def costs(self, order: str, data: str) -> int:
        return 2 * self.spent

    def write(self, order: str, data: str) -> str:
        self.asked.append((order, data))
        if isinstance(self.said, PlatformError):
            raise self.said
        return self.said


class Mentions:
    def __init__(self) -> None:
        self.kept: dict[MentionKey, tuple[Mention, Verdict | None]] = {}
        self.states: dict[MentionKey, str] = {}
        self.under: dict[MentionKey, list[Copy]] = {}
        self.parted: list[tuple[AuditLine, Case | None]] = []
        self.looks = 0

    def add(self, mention: Mention) -> bool:
        self.kept.setdefault(mention.key, (mention, None))
        return True

    def get(self, key: MentionKey) -> tuple[Mention, Verdict | None]:
        if key not in self.kept:
            raise NotFound(str(key))
        return self.kept[key]

    def get_many(self, keys: Sequence[MentionKey]) -> dict[MentionKey, tuple[Mention, Verdict | None]]:
        return {key: self.kept[key] for key in keys if key in self.kept}

    def judged_at(self, key: MentionKey) -> datetime | None:
        return None

    def judge(self, mention: Mention, verdict: Verdict, state: str, *, now: datetime | None = None) -> bool:
        self.kept[mention.key] = (mention, verdict)
        self.states[mention.key] = state
        return True

    def at(self, address: str, mention: Mention) -> MentionKey:
        return mention.key

    def hold(self, mark: str, mention: Mention, instead: MentionKey | None = None) -> MentionKey:
        raise NotImplementedError

    def copy(self, first: Mention, copy: Copy) -> bool:
        mention, verdict = self.kept[copy.key]
        self.kept[copy.key] = replace(mention, copy_of=first.key), verdict
        first, verdict = self.kept[first.key]
        self.kept[first.key] = replace(first, sites=(*first.sites, copy.site)), verdict
        self.under.setdefault(first.key, []).append(copy)
        return True

    def copies(self, first: MentionKey) -> list[Copy]:
        return self.under.get(first, [])

    def part(
        self,
        copy: Mention,
        state: str,
        line: AuditLine,
        *,
        sites: Sequence[str],
        case: Case | None = None,
        calls: Sequence[Call] = (),
    ) -> None:
        assert copy.copy_of
        self.kept[copy.key] = replace(copy, copy_of=None), self.kept[copy.key][1]
        self.states[copy.key] = state
        first, verdict = self.kept[copy.copy_of]
        left = tuple(each for each in first.sites if each not in sites)
        self.kept[first.key] = replace(first, sites=left), verdict
        self.under[first.key] = [each for each in self.under[first.key] if each.key != copy.key]
        self.parted.append((line, case))

    def edit(self, mention: Mention, verdict: Verdict | None) -> bool:
        self.kept[mention.key] = (mention, verdict)
        return True

    def day(
        self, brand: str, day: str, *, limit: int = 50, before: str = "", wanted: Wanted = EVERYTHING
    ) -> tuple[list[Listing], str]:
        looked = self.look(brand, day, limit=limit, through=2_500, before=before, wanted=wanted)
        return looked.found, looked.place

    def look(
        self,
        brand: str,
        day: str,
        *,
        limit: int,
        through: int,
        before: str = "",
        wanted: Wanted = EVERYTHING,
    ) -> Looked:
        self.looks += 1
        listed = [
            Listing(
                key=mention.key,
                posted_at=mention.posted_at,
                author=mention.author.handle,
                excerpt=mention.excerpt,
                language=verdict.reading.language,
                label=verdict.reading.sentiment.value,
                watches=mention.watches,
                state=self.states[mention.key],
                held=mention.held,
                copy_of=mention.copy_of,
            )
            for mention, verdict in self.kept.values()
            if verdict and mention.key.brand == brand and mention.posted_at.date().isoformat() == day
            if (self.states[mention.key] == "noise") == (wanted.state == "noise")
            if not wanted.source or (mention.held and mention.source == wanted.source)
        ]
        listed = sorted((each for each in listed if not before or _place(each) < before), key=_place)[::-1]
        seen = listed[: through if wanted != EVERYTHING else limit]
        found = [each for each in seen if _is(each, wanted)]
        last = found[limit - 1] if len(found) > limit else seen[-1] if len(seen) < len(listed) else None
        return Looked(found[:limit], _place(last) if last else "", len(seen))


def _place(each: Listing) -> str:
    return f"{each.posted_at:%H:%M:%S.%f}#{each.key.platform}#{each.key.id}"


def _is(each: Listing, wanted: Wanted) -> bool:
    pairs = (
        (wanted.label, each.label),
        (wanted.platform, each.key.platform),
        (wanted.language, each.language),
        (wanted.author, each.author),
        (wanted.state, each.state),
    )
    fits = all(asked in ("", has) for asked, has in pairs)
    fits = fits and wanted.copies in ("", "only" if each.copy_of else "none")
    return fits and (not wanted.watch or wanted.watch in each.watches)


class Corrections:
    """Writes to the others' memory, all or nothing."""

    def __init__(self, mentions: Mentions, cases: "Cases", audit: "Audit") -> None:
        self.kept: list[Correction] = []
        self.calls: list[Call] = []
        self._mentions, self._cases, self._audit = mentions, cases, audit

    def keep(
        self,
        correction: Correction,
        mention: Mention,
        was: Verdict,
        verdict: Verdict,
        state: str,
        line: AuditLine,
        *,
        case: Case | None = None,
        events: Sequence[CaseEvent] = (),
        calls: Sequence[Call] = (),
    ) -> None:
        if self._mentions.kept[mention.key][1] != was:
            raise Conflict("changed")
        if case and case.rev > 1:
            self._cases.change(case, *events)
        elif case and not self._cases.open(case):
            raise Conflict("there is one")
        elif case:
            for event in events:
                self._cases.note(case.key, event)
        self._mentions.judge(mention, verdict, state)
        self.kept.append(correction)
        self.calls += calls
        self._audit.note(line)

    def of(self, key: MentionKey) -> list[Correction]:
        return [each for each in self.kept if (each.platform, each.id) == (key.platform, key.id)]

    def between(self, brand: str, start: datetime, end: datetime) -> list[Correction]:
        return [each for each in self.kept if each.brand == brand and start <= each.at < end]


class Deltas:
    def __init__(self, audit: "Audit") -> None:
        self.kept: list[Delta] = []
        self.standing = Lessons()
        self._audit = audit

    def lessons(self, brand: str) -> Lessons:
        return self.standing

    def add(self, delta: Delta) -> bool:
        self.kept.append(delta)
        return True

    def get(self, brand: str, version: str) -> Delta | None:
        return next((each for each in self.kept if each.version == version), None)

    def newest(self, brand: str, limit: int) -> list[Delta]:
        return sorted(self.kept, key=lambda each: (each.day, each.judge), reverse=True)[:limit]

    def settle(self, brand: str, lessons: Lessons, *lines: AuditLine) -> None:
        if lessons.rev != self.standing.rev + 1:
            raise Conflict("changed")
        self.standing = lessons
        for line in lines:
            self._audit.note(line)


class Mailings:
    def __init__(self, cases: "Cases") -> None:
        self.cases = cases
        self.free: dict[str, datetime] = {}

    def claim(self, brand: str, id: str, now: datetime, *, again: datetime) -> Mailing | None:
        if id not in self.cases.mailings or self.free.get(id, now) > now:
            return None
        self.free[id] = again
        return self.cases.mailings[id]

    def settle(self, mailing: Mailing) -> None:
        self.cases.mailings.pop(mailing.id, None)


class Cases:
    def __init__(self) -> None:
        self.kept: dict[CaseKey, Case] = {}
        self.links: dict[CaseKey, CaseKey] = {}
        self.events: dict[CaseKey, list[CaseEvent]] = {}
        self.deliveries: dict[CaseKey, list[Delivery]] = {}
        self.promises: dict[PromiseKey, Promise] = {}
        self.viewers: dict[CaseKey, dict[str, Viewer]] = {}
        self.offered: set[str] = set()
        self.mailings: dict[str, Mailing] = {}
        self.held: Callable[[str], list[Outgoing]] = lambda _: []

    def get(self, key: CaseKey) -> Case:
        if key not in self.kept:
            raise NotFound(str(key))
        return self.kept[key]

    def find(self, key: CaseKey) -> Case | None:
        case = self.kept.get(self.links.get(key, key))
        return self.find(case.into) if case and case.into else case

    def thread(self, key: CaseKey) -> CaseKey | None:
        found = self.links.get(key, key)
        return found if found in self.kept else None

    def open(self, case: Case) -> bool:
        if case.key in self.kept:
            return False
        self.kept[case.key] = case
        return True

    def change(self, case: Case, *events: CaseEvent) -> None:
        if self.kept[case.key].rev != case.rev - 1:
            raise Conflict("changed")
        self.kept[case.key] = case
        for event in events:
            self.note(case.key, event)

    def change_together(self, cases: Sequence[Case], lines: Sequence[tuple[CaseKey, CaseEvent]]) -> None:
        if any(self.kept[case.key].rev != case.rev - 1 for case in cases):
            raise Conflict("changed")
        self.kept |= {case.key: case for case in cases}
        for key, event in lines:
            self.note(key, event)

    def label(self, case: Case, *events: CaseEvent, offered: Sequence[str]) -> None:
        self.change(case, *events)
        self.offered |= set(offered)

    def ask(self, case: Case, event: CaseEvent, mailings: Sequence[Mailing]) -> None:
        self.change(case, event)
        self.mailings |= {each.id: each for each in mailings}

    def approve(
        self, case: Case, delivery: Delivery, event: CaseEvent, promises: Sequence[Promise] = ()
    ) -> None:
        self.change(case, event)
        self.deliveries.setdefault(case.key, []).append(delivery)
        self.promises |= {each.key: each for each in promises}

    def hold_off(self, case: Case, delivery: Delivery, event: CaseEvent, until: datetime) -> None:
        self.approve(case, delivery, event)

    def conclude(
        self, case: Case | None, delivery: Delivery, event: CaseEvent, calls: Sequence[Call] = ()
    ) -> None:
        if case:
            self.change(case, event)
        assert isinstance(delivery.key.owner, CaseKey)
        self.deliveries[delivery.key.owner][-1] = delivery
        for key in unmade(delivery):
            self.promises[key] = replace(self.promises[key], state=PromiseState.WITHDRAWN)

    def mend(self, was: Delivery, now: Delivery, event: CaseEvent) -> None:
        assert isinstance(now.key.owner, CaseKey)
        ours = self.deliveries[now.key.owner]
        place = next(n for n, each in enumerate(ours) if each.key == now.key)
        if (ours[place].state, ours[place].epoch) != (was.state, was.epoch):
            raise Conflict("its delivery changed")
        ours[place] = now
        self.note(now.key.owner, event)

    def link(self, key: CaseKey, message: str) -> None:
        self.links[CaseKey(key.brand, key.platform, message)] = key

    def note(self, key: CaseKey, event: CaseEvent) -> None:
        self.events.setdefault(event.thread or key, []).append(event)

    def history(self, key: CaseKey) -> tuple[list[CaseEvent], list[Delivery]]:
        case = self.kept.get(key)
        events = list(self.events.get(key, []))
        sent = list(self.deliveries.get(key, []))
        for part in case.joined if case else ():
            kinds = (EventKind.JOINED, EventKind.PARTED)
            events += [each for each in self.events.get(part, []) if each.kind not in kinds]
            sent += self.deliveries.get(part, [])
        return sorted(events, key=lambda e: e.at), sent

    def dossier(self, key: CaseKey) -> Dossier:
        promised = [each for each in self.promises.values() if each.key.case == key]
        return Dossier(*self.history(key), promised, list(self.viewers.get(key, {}).values()))

    def viewed(self, key: CaseKey, viewer: Viewer) -> None:
        self.viewers.setdefault(key, {})[viewer.id] = viewer

    def find_many(self, keys_: Sequence[CaseKey]) -> dict[CaseKey, Case]:
        found = {key: self.find(key) for key in keys_}
        return {key: case for key, case in found.items() if case}

    def waits(
        self,
        brand: str,
        departments: Container[str] | None = None,
        *,
        limit: int = 100,
        awake: datetime | None = None,
    ) -> Waits:
        ours = [c for c in self.kept.values() if c.key.brand == brand and c.state.waits_for_us and not c.into]
        ours = [c for c in ours if not (awake and c.snoozed_until and awake < c.snoozed_until)]
        found = sorted(
            (c for c in ours if departments is None or c.department in departments), key=lambda c: c.due
        )
        return Waits(tuple(map(waiting, found[:limit])), tuple(self.held(brand)), len(found) > limit)

    def waits_of(self, brand: str, department: str, *, limit: int = 50, awake: datetime) -> Waits:
        found = self.waits(brand, [department], limit=len(self.kept), awake=awake).cases
        return Waits(found[:limit], (), more=False, count=len(found))

    def all_waiting(self, brand: str, departments: Container[str] | None = None) -> Iterator[Waiting]:
        yield from self.waits(brand, departments, limit=len(self.kept)).cases

    def due_between(self, brand: str, after: datetime, until: datetime) -> list[Waiting]:
        return [each for each in self.all_waiting(brand) if after < each.due <= until]

    def handed(self, brand: str, start: datetime, end: datetime) -> list[tuple[CaseKey, CaseEvent]]:
        found = [(key, each) for key, lines in self.events.items() for each in lines if key.brand == brand]
        handed = [one for one in found if one[1].kind is EventKind.HANDED and start <= one[1].at < end]
        return sorted(handed, key=lambda one: (one[1].at, str(one[0])))

    def done(self, brand: str, month: str, *, limit: int = 50, before: str = "") -> tuple[list[Done], str]:
        done = [
            c for c in self.kept.values() if c.key.brand == brand and not (c.state.waits_for_us or c.into)
        ]
        found = [
            Done(
                key=case.key,
                at=case.answered_at,
                state=case.state,
                department=case.department,
                author=case.author,
                title=case.title,
                language=case.language,
                sentiment=case.sentiment,
                by_them=case.solved_by_them,
                labels=case.labels,
                platform=case.platform,
            )
            for case in done
            if case.answered_at and f"{case.answered_at:%Y-%m}" == month
        ]
        return sorted(found, key=lambda each: each.at, reverse=True), ""


class Promises:
    def __init__(self, cases: Cases) -> None:
        self._cases = cases

    def get(self, key: PromiseKey) -> Promise:
        if key not in self._cases.promises:
            raise NotFound(str(key))
        return self._cases.promises[key]

    def open(self, brand: str, *, limit: int) -> tuple[list[Promise], bool]:
        ours = [each for each in self._cases.promises.values() if each.key.case.brand == brand]
        found = sorted((each for each in ours if each.state == "open"), key=lambda each: each.due)
        return found[:limit], len(found) > limit

    def change(self, promise: Promise, event: CaseEvent) -> None:
        if self._cases.promises[promise.key].rev != promise.rev - 1:
            raise Conflict("changed")
        self._cases.promises[promise.key] = promise
        self._cases.note(promise.key.case, event)

    def to_remind(self, now: datetime, *, limit: int) -> list[PromiseKey]:
        raise NotImplementedError("the console reminds nobody")

    def remind(self, promise: Promise, then: datetime | None, now: datetime) -> bool:
        raise NotImplementedError("the console reminds nobody")


class Shelf:
    def put(self, account: str, name: str, document: str, *, until: datetime | None = None) -> bool:
        return True

    def replace(
        self, account: str, name: str, document: str, *lines: AuditLine, until: datetime | None = None
    ) -> None: ...

    def get(self, account: str, name: str) -> str | None:
        return None

    def all(self, account: str) -> list[tuple[str, str]]:
        return []


class Tasks:
    def __init__(self) -> None:
        self.sent: list[Task] = []

    def send(self, tasks: Iterable[Task], *, delay: int = 0) -> None:
        self.sent += tasks


class Mail:
    """What was mailed: to whom, and subject with text. `broken` refuses."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.broken = False

    def send(self, *, sender: str, to: Sequence[str], subject: str, text: str) -> None:
        if self.broken:
            raise Unavailable("mail", "down")
        self.sent += [(each, f"{subject}\n{text}") for each in to]


class Letters(Counts):
    threads = True

    def room(self) -> int:
        return 500

    def length(self, text: str, to: str = "") -> int:
        return len(text)

    def delete(self, remote_id: str) -> None: ...

    def edit(self, remote_id: str, text: str) -> None: ...

    def boost(self, of: object, token: str) -> None: ...

    def quote(self, of: object, text: str, token: str, language: str) -> None: ...


class Audit:
    def __init__(self) -> None:
        self.lines: list[AuditLine] = []

    def note(self, line: AuditLine) -> None:
        if line not in self.lines:
            self.lines.append(line)

    def of_request(self, brand: str, at: datetime, request: str) -> list[AuditLine]:
        return [line for line in self.lines if line.brand == brand and line.id.startswith(f"{request}.")]

    def month(
        self, brand: str, month: str, *, limit: int = 100, before: str = ""
    ) -> tuple[list[AuditLine], str]:
        found = [line for line in self.lines if line.brand == brand and f"{line.at:%Y-%m}" == month]
        start = int(before.partition("#")[2] or 0)
        rest = found[::-1][start:]
        return rest[:limit], f"{month}-01T00:00:00Z#{start + limit}" if len(rest) > limit else ""


class ApiKeys:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], ApiKey] = {}
        self.lines: list[AuditLine] = []

    def get(self, brand: str, id: str) -> ApiKey:
        if (brand, id) not in self.kept:
            raise NotFound(id)
        return self.kept[brand, id]

    def of(self, brand: str) -> list[ApiKey]:
        return [key for key in reversed(self.kept.values()) if key.brand == brand]

    def add(self, key: ApiKey, line: AuditLine) -> bool:
        if (key.brand, key.id) in self.kept:
            return False
        self.kept[key.brand, key.id] = key
        self.lines.append(line)
        return True

    def change(self, key: ApiKey, line: AuditLine) -> None:
        if self.kept[key.brand, key.id].rev != key.rev - 1:
            raise Conflict("changed")
        self.kept[key.brand, key.id] = key
        self.lines.append(line)

    def used(self, key: ApiKey, now: datetime) -> None: ...

    def count(self, key: ApiKey, now: datetime) -> int:
        return 1

    def ask(self, key: ApiKey, token: str, fingerprint: str, now: datetime) -> Asked:
        return Asked(at=now, fingerprint=fingerprint, again=False)

    def tell(self, key: ApiKey, token: str, outcome: str) -> None: ...

    def refuse(self, key: ApiKey, token: str) -> None: ...


class Hooks:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Hook] = {}
        self.calls: list[Call] = []

    def of(self, brand: str) -> list[Hook]:
        return [hook for (where, _), hook in self.kept.items() if where == brand and not hook.removed]

    def get(self, brand: str, id: str) -> Hook:
        hook = self.kept.get((brand, id))
        if hook is None or hook.removed:
            raise NotFound(id)
        return hook

    def add(self, hook: Hook, *lines: AuditLine) -> bool:
        new = (hook.brand, hook.id) not in self.kept
        self.kept.setdefault((hook.brand, hook.id), hook)
        return new

    def change(self, was: Hook, now: Hook, *lines: AuditLine) -> None:
        if self.kept[was.brand, was.id] != was:
            raise Conflict("changed")
        self.kept[was.brand, was.id] = now

    def lease(self, hook: Hook, now: datetime, until: datetime) -> bool:
        return True

    def free(self, hook: Hook) -> None: ...

    def queue(self, calls: Iterable[Call]) -> None:
        self.calls += calls

    def settle(self, call: Call) -> None:
        self.calls = [each for each in self.calls if (each.at, each.id) != (call.at, call.id)] + [call]

    def waiting(self, now: datetime) -> bool:
        return bool(self.due(now, limit=1))

    def due(self, now: datetime, *, limit: int) -> list[Call]:
        return [call for call in self.calls if call.next_at and call.next_at <= now]

    def log(self, brand: str, hook: str, *, limit: int = 50, before: str = "") -> tuple[list[Call], str]:
        found = [call for call in self.calls if (call.brand, call.hook) == (brand, hook)]
        return sorted(found, key=lambda call: call.at, reverse=True)[:limit], ""

    def call(self, brand: str, hook: str, at: datetime, id: str) -> Call:
        found = [call for call in self.log(brand, hook)[0] if (call.at, call.id) == (at, id)]
        if not found:
            raise NotFound(id)
        return found[0]


class Pulse:
    def __init__(self) -> None:
        self.ran_at: dict[str, datetime] = {}
        self.states: list[KeyState] = []
        self.tests: dict[tuple[str, str], Tested] = {}
        self.tally: Tally | None = None
        self.kept: dict[tuple[str, str], Failure] = {}

    def ran(self, schedule: str, at: datetime) -> None:
        self.ran_at[schedule] = at

    def runs(self) -> dict[str, datetime]:
        return self.ran_at

    def key_worked(self, brand: str, channel: str, at: datetime) -> None: ...

    def key_refused(self, brand: str, channel: str, at: datetime) -> None: ...

    def tested(self, brand: str) -> dict[str, Tested]:
        return {of: tested for (whose, of), tested in self.tests.items() if whose == brand}

    def test(self, brand: str, tested: Tested) -> None:
        self.tests[brand, tested.of] = tested

    def untest(self, brand: str, of: str) -> None:
        self.tests.pop((brand, of), None)

    def count(self, brand: str, tally: Tally) -> None:
        self.tally = tally

    def failed(self, brand: str, failure: Failure) -> None:
        self.kept[brand, failure.what] = failure

    def mended(self, brand: str, what: str, at: datetime) -> None:
        self.kept.pop((brand, what), None)

    def failures(self, brand: str) -> dict[str, Failure]:
        return {what: failure for (whose, what), failure in self.kept.items() if whose == brand}

    def of(self, brand: str, month: str) -> tuple[list[KeyState], Tally | None]:
        return self.states, self.tally if self.tally and self.tally.month == month else None
