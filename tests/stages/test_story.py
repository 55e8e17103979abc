"""The mission, told once: from what people write to a reply that stands at the network."""

from chalicelib import wiring
from chalicelib.domain import clock
from chalicelib.domain.case import Action, CaseState, EventKind
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.verdict import Sentiment
from chalicelib.stages import answer
from tests.stages.town import ACCOUNT, COMPLAINT, COMPLIMENT, Town, brand


def test_from_a_complaint_and_a_compliment_to_answers_that_stand_at_the_network(town: Town) -> None:
    # A review site tells of a Dutch complaint; a blog has an English compliment in its feed.
    town.feed(COMPLIMENT)
    assert town.hear(COMPLAINT, author="regenjas42")["statusCode"] == 202
    town.tick()
    town.drain()

    # Both are kept and judged, each in its language.
    (complaint, compliment) = sorted(town.cases(), key=lambda case: case.sentiment)
    assert (complaint.sentiment, complaint.language) == (Sentiment.NEGATIVE, "nl")
    assert (compliment.sentiment, compliment.language) == (Sentiment.POSITIVE, "en")
    assert (complaint.action, compliment.action) == (Action.ANSWER, Action.THANK)
    for case in (complaint, compliment):
        mention, verdict = wiring.mentions().get(case.mention)
        assert verdict is not None
        assert verdict.reading.evidence, "a judgement shows the words it rests on"
        assert all(mention.text[e.start : e.end].strip() for e in verdict.reading.evidence)
        assert verdict.rule

    # The department hears of it at once, has a due time that explains itself, and a draft.
    mails = (vars(mail) for mail in town.world.mails())
    praise, blame = sorted(mails, key=lambda mail: "ontevreden" in mail["subject"])
    assert "@regenjas42 is ontevreden" in blame["subject"]
    assert f"/cases/{complaint.key.slug}" in blame["body"]
    assert "is blij" in praise["subject"]
    assert complaint.due > complaint.received_at
    reckoning = clock.recall(complaint.due, complaint.reckoning)
    assert "10:12, plus 60 minutes: Mon 11:12" in clock.sentence(reckoning, "en", brand().zone)
    assert complaint.draft is not None
    assert complaint.draft.text.startswith("@regenjas42 Wat vervelend.")
    assert wiring.cases().work("lindebieb", ["desk"])[0].key == complaint.key

    # A person changes the draft, approves it under a name, and it is sent once.
    changed = answer.save_draft(
        complaint.key, complaint.rev, "@regenjas42 Dat is te lang. We bellen je vandaag. Noor", "Noor",
        cases=wiring.cases(), now=town.now,
    )  # fmt: skip
    assert changed.draft is not None
    town.approve(changed, "Noor", changed.draft.text)
    assert wiring.cases().get(complaint.key).state is CaseState.SENDING
    town.drain()

    # It stands at the network, was read back, and the case tells its whole story.
    assert town.ours() == [changed.draft.text]
    answered = wiring.cases().get(complaint.key)
    assert answered.state is CaseState.ANSWERED
    events, (delivery,) = town.history(answered)
    assert [event.kind for event in events] == [
        EventKind.HEARD, EventKind.DRAFTED, EventKind.APPROVED, EventKind.SENT, EventKind.CONFIRMED,
    ]  # fmt: skip
    assert delivery.state is DeliveryState.CONFIRMED
    assert delivery.approved_by == "Noor"
    assert [c.key for c in wiring.cases().work("lindebieb", ["desk"])] == [compliment.key]


def test_a_conversation_stays_one_case(town: Town) -> None:
    """A visitor writes, we answer, the visitor writes again: one case, open again, in order."""
    desk = wiring.desk()
    desk.say(brand(), "wall", "kees", "De Lindebieb was dicht vandaag, wat vervelend!", town.now)
    town.settle(5)
    case = town.case()
    town.approve(case)
    town.drain()
    assert town.case().state is CaseState.ANSWERED

    from chalicelib.platforms import sandbox

    reply = next(line for line in desk.wall(brand(), "wall") if line.ours)
    sandbox.say(wiring.shelf(), ACCOUNT, "kees", "Nog steeds dicht, slecht hoor.", town.now, reply.id)
    town.settle(5)

    again = town.case()
    assert again.key == case.key
    assert again.state is CaseState.OPEN
    assert again.mention != case.mention
    heard = [event for event in town.history(again)[0] if event.kind is EventKind.HEARD]
    assert [event.mention for event in heard] == [case.mention, again.mention]


def test_history_is_kept_and_judged_and_opens_no_case(town: Town) -> None:
    from datetime import timedelta

    town.feed(COMPLAINT, COMPLIMENT, posted=town.now - timedelta(days=20))
    town.tick()
    town.drain()
    assert len(town.judged()) == 2
    assert town.cases() == []
    assert town.world.mails() == []
