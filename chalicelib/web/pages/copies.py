"""A story and the other sites that carry it; and that one of these is a story of its own."""

from dataclasses import dataclass

from chalicelib.domain.case import CaseKey
from chalicelib.domain.copies import site
from chalicelib.domain.mention import Copy, Mention, MentionKey
from chalicelib.errors import NotFound
from chalicelib.stages import part as stage
from chalicelib.web import mention_rows
from chalicelib.web.i18n import Words
from chalicelib.web.pages.verdict import key_of, refuse_others
from chalicelib.web.visit import Go, Outcome, Page, Visit


@dataclass(frozen=True, slots=True)
class Reach:
    """What carries a story beside its first: `followers` of those that were given, None where none was."""

    copies: tuple[Copy, ...]
    sites: int
    followers: int | None


def show(visit: Visit, slug: str) -> Outcome:
    """Of a copy: the page of its first one."""
    key = key_of(visit, slug)
    mention, verdict = visit.desk.mentions.get(key)
    if mention.copy_of:
        return Go(f"/mentions/{mention.copy_of.slug}/copies#m-{slug}")
    refuse_others(visit, key)
    if verdict is None:
        raise NotFound("no such mention")
    reach = read(visit, mention)
    case = visit.desk.cases.find(CaseKey(key.brand, key.platform, key.id))
    values = {
        "row": mention_rows.of_mention(visit, mention, verdict, asks=case is not None and visit.owns(case)),
        "site": site(mention),
        "gone": mention.gone,
        "reach": reach,
        "told": sentence(reach, visit.words) if reach.copies else "",
        "done": visit.query.get("done", ""),
        "toast": mention_rows.toast(visit),
        "back": f"/mentions/{slug}/copies",
    }
    return Page(template="copies.html", place="mentions", values=values)


def part(visit: Visit, slug: str) -> Outcome:
    """`slug` is the copy's. Leads to its case, where it opened one."""
    key = key_of(visit, slug)
    mention, _ = visit.desk.mentions.get(key)
    first = mention.copy_of
    refuse_others(visit, key)
    case = apply(visit, key)
    if case:
        return Go(f"/cases/{case.slug}")
    return Go(f"/mentions/{(first or key).slug}/copies?done=parted")


def apply(visit: Visit, key: MentionKey) -> CaseKey | None:
    """Of the case that it opened. Raises NotFound, Conflict."""
    case = stage.part(
        key,
        line=visit.line("verdict.part", f"{key.platform}/{key.id}"),
        brand=visit.brand_of(key.brand),
        mentions=visit.desk.mentions,
        now=visit.now,
    )
    return case.key if case else None


def read(visit: Visit, mention: Mention) -> Reach:
    copies = tuple(visit.desk.mentions.copies(mention.key))
    given = [each.followers for each in copies if each.followers is not None]
    return Reach(copies, len({each.site for each in copies}), sum(given) if given else None)


def sentence(reach: Reach, words: Words) -> str:
    told = words.ngettext(
        "Also on %(num)s other site.", "Also on %(num)s other sites.", reach.sites, num=reach.sites
    )
    if reach.followers is None:
        return told
    more = words.gettext("%(count)s followers in all.", count=words.number(reach.followers))
    return f"{told} {more}"
