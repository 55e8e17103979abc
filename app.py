"""Every trigger of the system, in pipeline order. Nothing here decides anything.

    listen, hear -> understand -> respond -> a person -> deliver

A handler unpacks its event, calls one stage, and answers. Its name is the Lambda's name: memory and
time-outs are under that name in .chalice/config.json, its rights in .chalice/policies/, the queue
behind it in infra/resources.yaml. What a handler needs it imports itself: every Lambda loads this file.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from chalice.app import CloudWatchEvent, Rate, SQSEvent

from chalicelib.web.routes import Console, console

app = Console(app_name="webspin", configure_logs=False)
app.register_blueprint(console)


# listen ------------------------------------------------------------------------------------------


@app.schedule(Rate(1, unit=Rate.MINUTES))
def tick(event: CloudWatchEvent) -> None:
    from chalicelib import wiring
    from chalicelib.aws.log import in_handler
    from chalicelib.stages import alert, listen

    with in_handler("tick", event.context) as line:
        now = wiring.now()
        line.update(listen.tick(wiring.sources(), wiring.deliveries(), wiring.tasks(), now))
        line["alerts"] = alert.flush_waiting(wiring.alerts(), wiring.flush, now)


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
            now=wiring.now(),
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
                hear.receive, secrets=wiring.secrets(), verify=wiring.verify, tasks=wiring.tasks()
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
            now=wiring.now(),
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
            tasks=wiring.tasks(),
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
        lambda task: respond.run(task, cases=wiring.cases(), brands=wiring.brands(), strong=strong),
        finish=lambda: respond.tell(strong, alerts=wiring.alerts(), flush=wiring.flush, now=wiring.now()),
    )


# deliver -----------------------------------------------------------------------------------------


@app.on_sqs_message(queue="deliver", batch_size=1, maximum_concurrency=2)
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
            brands=wiring.brands(),
            tasks=wiring.tasks(),
            connect=wiring.channel_platform,
            now=wiring.now,
        ).run(task),
    )


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
