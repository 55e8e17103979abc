"""The section on what was said of us beside our peers, and of our topics."""

from chalicelib.domain.figures_kinds import Figure, Figures
from chalicelib.web.i18n import Words
from chalicelib.web.report.pieces import Section, linked, number, quoted, share


def sections(figures: Figures, words: Words) -> list[Section]:
    """None where nothing listens for a peer or a topic."""
    _ = words.gettext
    us, peers, topics = figures.all.get("voice"), figures.family("voice-of-"), figures.family("topic-")
    if us is None and not topics:
        return []
    rows = [_row(_("Us"), us, words)] if us else []
    rows += [_row(quoted(each.label, 60), each, words) for each in peers]
    rows += [_row(_("Topic: %(name)s", name=quoted(each.label, 60)), each, words) for each in topics]
    said = _("A message that speaks of several counts for each, so that shares may come to more than all.")
    return [
        Section(
            id="voice",
            title=_("Share of voice"),
            said=(said,) if peers else (),
            head=(_("Of"), _("Messages"), _("Share of voice")),
            rows=tuple(rows),
            numbers=1,
        )
    ]


def _row(name: str, figure: Figure, words: Words) -> tuple[str, str, str]:
    part = share(figure.value or 0, figure.of, words) if figure.of else "–"
    return name, number(figure, words), linked(part, figure) if figure.of else part
