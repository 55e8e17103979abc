"""What a link in a mail leads to: the message and the text, and one button. Looking changes nothing."""

from dataclasses import dataclass

from chalicelib.domain.link import ALTERED, OVER
from chalicelib.errors import BadInput, NotFound, WebspinError
from chalicelib.ports import Counts
from chalicelib.stages import by_mail as stage
from chalicelib.stages.answer import found_in, messages_of
from chalicelib.stages.promising import promised_in
from chalicelib.web import outgoing, permitted
from chalicelib.web.desk import Desk
from chalicelib.web.honest import doubts
from chalicelib.web.i18n import N_, Words
from chalicelib.web.paying import over
from chalicelib.web.promised import before
from chalicelib.web.request import Request
from chalicelib.web.steps import Step
from chalicelib.web.visit import Page

REFUSED = {
    ALTERED: N_("This link is not as we mailed it. Open it from the mail once more."),
    OVER: N_("This link was good for a day, and that is over. Have yourself asked again."),
    stage.USED: N_("This link was used. It counts once."),
    stage.STALE: N_("Something happened to this case since the mail: what you were asked for is no more."),
    stage.NOT_THEIRS: N_("You may not approve this answer now."),
    "taken": N_("A colleague works on this case. Open it in the console."),
    "exceed": N_("The budget that pays for it is used. Open the case in the console."),
    "anyway": N_("The honesty check stops this text. Open the case in the console."),
    "text": N_("This text cannot be sent as it is. Open the case in the console."),
    "channel": N_("No channel of ours reaches this message now. Open the case in the console."),
    "four_eyes": N_("You may not approve this answer now."),
}


@dataclass(frozen=True, slots=True)
class ByMail:
    token: str

    def look(self, request: Request, desk: Desk, words: Words) -> Step:
        try:
            return self._page(self._found(desk), desk, words), ()
        except BadInput as error:
            return _refused(error, words), ()

    def approve(self, request: Request, desk: Desk, words: Words) -> Step:
        try:
            found = self._found(desk)
            counts = _counts(found, desk)
            stage.approve(
                self.token,
                found,
                refused=permitted.refused(desk, found.case, found.brand, desk.now()),
                cases=desk.cases,
                tasks=desk.tasks,
                once=desk.once,
                counts=counts,
                over=over(desk, found.brand, found.case.channel, desk.now()),
                now=desk.now(),
            )
        except BadInput as error:
            return _refused(error, words), ()
        values = {"done": True, "found": found, "fault": ""}
        return Page(template="by_mail.html", place="", values=values), ()

    def _found(self, desk: Desk) -> stage.Opened:
        return stage.look(
            self.token,
            secret=desk.link_key(),
            brands=desk.brands,
            cases=desk.cases,
            colleagues=desk.colleagues,
            team=desk.team,
            once=desk.once,
            now=desk.now(),
        )

    def _page(self, found: stage.Opened, desk: Desk, words: Words) -> Page:
        try:
            mention, _ = desk.mentions.get(found.case.mention)
            said = mention.text
        except NotFound:
            said = found.case.said
        here = Words(words.language, found.brand.zone, desk.now())
        values = {
            "found": found,
            "zoned": here,
            "messages": _messages(found, desk),
            "doubts": doubts(
                found_in(found.text, found.case, found.brand, found.person.name), found.brand.honesty, here
            ),
            "promising": before(promised_in(found.text, found.case, found.brand, desk.now()), {}, here),
            "token": self.token,
            "said": said,
            "channel": outgoing.channel(found.brand, found.case.channel, here),
            "until": here.moment(found.link.until),
            "done": False,
            "fault": "",
        }
        return Page(template="by_mail.html", place="", values=values)


def of(token: str) -> ByMail:
    return ByMail(token)


def _messages(found: stage.Opened, desk: Desk) -> tuple[str, ...]:
    """The text as it would leave; () where it cannot, which the button tells."""
    try:
        return messages_of(found.text, found.case, _counts(found, desk))
    except BadInput:
        return ()


def _counts(found: stage.Opened, desk: Desk) -> Counts | None:
    try:
        return desk.counts(found.brand, found.case.channel)
    except WebspinError:
        return None


def _refused(error: BadInput, words: Words) -> Page:
    reason = error.message if error.field == "link" else error.field
    values = {"fault": words.gettext(REFUSED.get(reason, REFUSED["text"])), "done": False, "found": None}
    return Page(template="by_mail.html", place="", values=values, status=410)
