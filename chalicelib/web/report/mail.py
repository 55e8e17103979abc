"""The first page as plain text."""

from chalicelib.domain.figures import reckon
from chalicelib.domain.month import Facts
from chalicelib.web.i18n import Words
from chalicelib.web.report.findings import changed, to_do
from chalicelib.web.report.pieces import month_ahead, month_name, plain, quoted
from chalicelib.web.report.sentences import heads, statement
from chalicelib.web.report.unheard import foot


def letter(facts: Facts, words: Words, link: str) -> tuple[str, str]:
    """Subject and text; without `link` the text says nothing of a page."""
    _ = words.gettext
    figures = reckon(facts)
    month = month_name(facts.month, words, year=True)
    name = quoted(facts.name, 80)
    lines = [name, _("Report of %(month)s", month=month), "", statement(figures, facts, words), ""]
    for head in heads(figures, facts, words):
        big = " ".join(plain(each) for each in (head.big, head.of) if each)
        lines.append(f"{head.title}: {big}")
        lines += [f"  {plain(note)}" for note in head.notes]
    lines += ["", _("What changed, and why")]
    lines += [f"- {plain(each)}" for each in changed(figures, facts, words)]
    if steps := to_do(figures, facts, words):
        lines += ["", _("To do in %(month)s", month=month_ahead(facts, words))]
        lines += [f"{n}. {plain(what)} {quoted(owner)}" for n, (what, owner) in enumerate(steps, 1)]
    lines += ["", foot(figures, facts, words)]
    if link:
        lines += ["", _("The whole report, with the rows behind each number:"), link]
    subject = _("%(name)s: report of %(month)s", name=name, month=month)
    return subject, "\n".join(lines).replace("\u00a0", " ") + "\n"
