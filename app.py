"""Every trigger of the system, in pipeline order. Nothing here decides anything.

    listen, hear -> understand -> respond -> a person -> deliver -> measure, relate and teach, evaluate
    each of them -> notify

A handler unpacks its event, calls one stage, and answers. Its name is the Lambda's name: memory and
time-outs are under that name in .chalice/config.json, its rights in .chalice/policies/, the queue
behind it in infra/resources.yaml. What a handler needs it imports itself: every Lambda loads this file.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, cast

from chalice.app import CloudWatchEvent, Rate, SQSEvent

from chalicelib.web.routes import Console, console
from chalicelib.web.routes_api import api
from chalicelib.web.routes_brand import brand
from chalicelib.web.routes_door import entrance
from chalicelib.web.routes_log import log
from chalicelib.web.routes_posts import posts
from chalicelib.web.routes_upkeep import upkeep
from chalicelib.web.routes_work import work

app = Console(app_name="webspin", configure_logs=False)
for routes in (api, entrance, posts, upkeep, work, brand, log, console):  # the last answers for all others
    app.register_blueprint(routes)


# listen ------------------------------------------------------------------------------------------


@app.schedule(Rate(1, unit=Rate.MINUTES))
def tick(event: CloudWatchEvent) -> None:
    from chalicelib import wiring
    from chalicelib.aws.log import in_handler
    from chalicelib.stages import alert, nearly_late, notify, remind, shift_end
    from chalicelib.stages.tick import run

    with in_handler("tick", event.context) as line:
        now = wiring.now()
        line.update(run(wiring.sources(), wiring.deliveries(), wiring.tasks(), now))
        if nearly_late.due(now):
            line["late"] = nearly_late.run(
                brands=wiring.brands(),
                cases=wiring.cases(),
                alerts=wiring.alerts(),
                notices=wiring.notices(),
                now=now,
            )
            line["drills"] = _tended(now)
            line["reminded"] = remind.run(wiring.promises(), wiring.brands(), now)
            line["handed"] = shift_end.run(
                brands=wiring.brands(),
                rosters=wiring.rosters(),
                cases=wiring.cases(),
                mail=wiring.mail(),
                failed=wiring.alert_failed,
                now=now,
            )
        line["alerts"] = alert.flush_waiting(wiring.alerts(), wiring.flush, wiring.escalate, wiring.post, now)
        line["called"] = notify.wake(wiring.hooks(), wiring.call_hooks, now)


def _tended(now: datetime) -> int:
    """Drills that were looked after."""
    from chalicelib import wiring
    from chalicelib.stages import drill

    return drill.tend(
        brands=wiring.brands(),
        drills=wiring.drills(),
        mentions=wiring.mentions(),
        cases=wiring.cases(),
        tasks=wiring.tasks(),
        now=now,
    )


@app.on_sqs_message(queue="poll", batch_size=10, maximum_concurrency=4)
def poll_sources(event: SQSEvent) -> dict[str, Any]:
    from chalicelib import wiring
    from chalicelib.stages import listen
    from chalicelib.tasks import Poll

    return consume(
        event,
        Poll,
        lambda task: listen.poll(
            task,
            sources=wiring.sources(),
            brands=wiring.brands(),
            mentions=wiring.mentions(),
            tasks=wiring.tasks(),
            connect=wiring.source_platform,
            told=wiring.told,
            again=wiring.again,
            leave_alone=wiring.leave_alone,
            now=wiring.now(),
            tell=wiring.tell,
            purse=wiring.purse,
        ),
        at_once=5,
    )


# hear --------------------------------------------------------------------------------------------


@app.lambda_function()
def receive_webhook(event: dict[str, Any], context: Any) -> dict[str, Any]:
    from chalicelib import wiring
    from chalicelib.aws.log import count, in_handler
    from chalicelib.stages import hear

    with in_handler("receive_webhook", context) as line:
        return hear.answer(
            event,
            receive=partial(
                hear.receive,
                secrets=wiring.secrets(),
                verify=wiring.verify,
                greet=wiring.greet,
                ping=wiring.ping,
                pace=wiring.pace(),
                tasks=wiring.tasks(),
            ),
            refused=lambda reason: count("refused", reason=reason),
            line=line,
            now=wiring.now(),
        )


@app.on_sqs_message(queue="hear", batch_size=10, maximum_concurrency=2)
def hear_webhooks(event: SQSEvent) -> dict[str, Any]:
    from chalicelib import wiring
    from chalicelib.stages import hear
    from chalicelib.tasks import Hear

    return consume(
        event,
        Hear,
        lambda task: hear.hear(
            task,
            sources=wiring.sources(),
            brands=wiring.brands(),
            mentions=wiring.mentions(),
            tasks=wiring.tasks(),
            connect=wiring.hook_platform,
            told=wiring.told,
            now=wiring.now(),
            heard=wiring.heard,
            tell=wiring.tell,
        ),
    )


# understand, respond -----------------------------------------------------------------------------


@app.on_sqs_message(queue="understand", batch_size=10, maximum_concurrency=4)
def understand_mentions(event: SQSEvent) -> dict[str, Any]:
    from chalicelib import wiring
    from chalicelib.stages import understand
    from chalicelib.tasks import Understand

    return consume(
        event,
        Understand,
        lambda task: understand.run(
            task,
            mentions=wiring.mentions(),
            brands=wiring.brands(),
            judge=wiring.judge(),
            taught=wiring.taught,
            advise=wiring.advise,
            tasks=wiring.tasks(),
            hold=wiring.hold,
            now=wiring.now(),
            tell=wiring.tell,
        ),
        at_once=4,
    )


@app.on_sqs_message(queue="respond", batch_size=10, maximum_concurrency=2)
def respond_to_mentions(event: SQSEvent) -> dict[str, Any]:
    from chalicelib import wiring
    from chalicelib.stages import respond
    from chalicelib.tasks import Respond

    strong: respond.Strong = {}
    return consume(
        event,
        Respond,
        lambda task: respond.run(
            task,
            cases=wiring.cases(),
            brands=wiring.brands(),
            strong=strong,
            now=wiring.now(),
            tell_of=wiring.tell,
            clear=wiring.clear,
            hold_off=wiring.hold_off,
            unsay=lambda *case: wiring.notices().unsay(*case),
        ),
        finish=lambda: respond.tell(strong, alerts=wiring.alerts(), flush=wiring.flush, now=wiring.now()),
    )


# deliver -----------------------------------------------------------------------------------------


@app.on_sqs_message(queue="deliver", batch_size=1, maximum_concurrency=10)
def deliver_replies(event: SQSEvent) -> dict[str, Any]:
    from chalicelib import wiring
    from chalicelib.stages.deliver import Deliverer
    from chalicelib.tasks import Deliver

    return consume(
        event,
        Deliver,
        lambda task: Deliverer(
            deliveries=wiring.deliveries(),
            cases=wiring.cases(),
            posts=wiring.posts(),
            brands=wiring.brands(),
            alerts=wiring.alerts(),
            tasks=wiring.tasks(),
            connect=wiring.channel_platform,
            now=wiring.now,
            bill=wiring.bill,
            album=wiring.album(),
        ).run(task),
    )


# measure, relate and teach, evaluate ------------------------------------------------------------------------


@app.schedule(Rate(15, unit=Rate.MINUTES))
def measure_posts(event: CloudWatchEvent) -> None:
    from chalicelib import wiring
    from chalicelib.aws.log import in_handler
    from chalicelib.stages import measure, surge, try_keys

    with in_handler("measure_posts", event.context) as line:
        line.update(
            surge.run(
                brands=wiring.brands(),
                mentions=wiring.mentions(),
                alerts=wiring.alerts(),
                notices=wiring.notices(),
                now=wiring.now(),
            )
        )
        line.update(
            measure.run(
                brands=wiring.brands(),
                deliveries=wiring.deliveries(),
                measurements=wiring.measurements(),
                followings=wiring.followings(),
                pulse=wiring.pulse(),
                connect=partial(wiring.channel_platform, haste=False),
                remaining_ms=cast(Any, event.context).get_remaining_time_in_millis,
                now=wiring.now(),
            )
        )
        line.update(
            try_keys.run(
                brands=wiring.brands(),
                sources=wiring.sources(),
                alerts=wiring.alerts(),
                notices=wiring.notices(),
                pulse=wiring.pulse(),
                keys=wiring.keys(),
                remaining_ms=cast(Any, event.context).get_remaining_time_in_millis,
                now=wiring.now(),
            )
        )
        wiring.pulse().ran("measure", wiring.now())


@app.schedule(Rate(1, unit=Rate.HOURS))
def relate_to_people(event: CloudWatchEvent) -> None:
    from chalicelib import wiring
    from chalicelib.aws.log import in_handler
    from chalicelib.stages import closing, digest, relate, subscribe, teach, unheard

    with in_handler("relate_to_people", event.context, whole=True) as line:
        line.update(
            relate.run(
                brands=wiring.brands(),
                mentions=wiring.mentions(),
                followings=wiring.followings(),
                mornings=wiring.mornings(),
                pulse=wiring.pulse(),
                now=wiring.now(),
            )
        )
        taught = teach.run(
            brands=wiring.brands(),
            corrections=wiring.corrections(),
            mentions=wiring.mentions(),
            deltas=wiring.deltas(),
            learn=wiring.learn,
            version=wiring.judge_version,
            pulse=wiring.pulse(),
            remaining_ms=cast(Any, event.context).get_remaining_time_in_millis,
            now=wiring.now(),
        )
        line.update(
            unheard.run(
                brands=wiring.brands(),
                sources=wiring.sources(),
                alerts=wiring.alerts(),
                notices=wiring.notices(),
                pulse=wiring.pulse(),
                now=wiring.now(),
            )
        )
        told = digest.run(
            brands=wiring.brands(),
            mentions=wiring.mentions(),
            cases=wiring.cases(),
            notices=wiring.notices(),
            mail=wiring.mail(),
            failed=wiring.alert_failed,
            now=wiring.now(),
        )
        line.update(taught, **told, failed=line["failed"] + taught["failed"] + told["undigested"])
        line.update(  # last: strangers' files
            closing.run(
                brands=wiring.brands(),
                read=wiring.read_calendar,
                remaining_ms=cast(Any, event.context).get_remaining_time_in_millis,
                now=wiring.now(),
            )
        )
        line.update(
            subscribe.run(
                brands=wiring.brands(),
                sources=wiring.sources(),
                secrets=wiring.secrets(),
                subscribe=wiring.subscribe,
                door=wiring.door(),
                remaining_ms=cast(Any, event.context).get_remaining_time_in_millis,
                now=wiring.now(),
            )
        )
        wiring.pulse().ran("relate", wiring.now())


@app.schedule(Rate(1, unit=Rate.HOURS))
def evaluate_months(event: CloudWatchEvent) -> None:
    from chalicelib import wiring
    from chalicelib.aws.log import in_handler
    from chalicelib.stages.evaluate import Evaluator

    with in_handler("evaluate_months", event.context, whole=True) as line:
        evaluator = Evaluator(
            brands=wiring.brands(),
            mentions=wiring.mentions(),
            cases=wiring.cases(),
            deliveries=wiring.deliveries(),
            posts=wiring.posts(),
            measurements=wiring.measurements(),
            followings=wiring.followings(),
            mornings=wiring.mornings(),
            sources=wiring.sources(),
            ledger=wiring.ledger(),
            bucket=wiring.bucket(),
            mail=wiring.mail(),
            files=wiring.report_files,
            letter=wiring.report_mail,
            prices=wiring.prices,
            now=wiring.now,
            pulse=wiring.pulse(),
            tell=wiring.tell,
        )
        line.update(evaluator.run(event.detail.get("brand", ""), event.detail.get("month", "")))
        wiring.pulse().ran("evaluate", wiring.now())


# notify ------------------------------------------------------------------------------------------


@app.lambda_function()
def notify_hooks(event: dict[str, Any], context: Any) -> dict[str, int]:
    from chalicelib import wiring
    from chalicelib.aws.log import in_handler
    from chalicelib.stages.notify import Notifier

    with in_handler("notify_hooks", context) as line:
        notifier = Notifier(
            hooks=wiring.hooks(),
            secrets=wiring.secrets(),
            http=wiring.http(),
            sign=wiring.sign,
            remaining_ms=context.get_remaining_time_in_millis,
            now=wiring.now,
        )
        counts = notifier.run()
        line.update(counts)
        return counts


def consume(event: SQSEvent, kind: Any, work: Callable[[Any], Any], **how: Any) -> dict[str, Any]:
    """Do the tasks of one SQS batch; the answer names only those that are to come back.

    `work` answers with what it counted, which goes to the log, or with the parts that failed; `how` as
    in `chalicelib.aws.queues.consume`.
    """
    from chalicelib import wiring
    from chalicelib.aws.log import in_handler
    from chalicelib.aws.queues import consume

    with in_handler(kind.queue, event.context) as line:
        counts: list[dict[str, int]] = []

        def counted(task: Any) -> Any:
            outcome = work(task)
            if not isinstance(outcome, dict):
                return outcome
            counts.append(outcome)
            return None

        answer = consume(
            event.to_dict(),
            kind,
            counted,
            tasks=wiring.tasks(),
            dead=wiring.dead_letter(kind.queue),
            remaining_ms=cast(Any, event.context).get_remaining_time_in_millis,
            **how,
        )
        for name in {name for outcome in counts for name in outcome}:
            line[name] = sum(outcome.get(name, 0) for outcome in counts)
        return answer
