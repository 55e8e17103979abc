"""What is held: by which block and at which source how much; blocked and lifted, taken out and let
through."""

from collections.abc import Mapping
from urllib.parse import urlencode

from chalicelib.domain import blocking as rules
from chalicelib.domain.brand import Block
from chalicelib.domain.mention import AUTHOR, SITE, Mention
from chalicelib.errors import BadInput, NotFound
from chalicelib.web import blocking, export, held
from chalicelib.web.i18n import N_
from chalicelib.web.pages.verdict import key_of
from chalicelib.web.request import own_path
from chalicelib.web.visit import Go, Outcome, Page, Visit

FAULTS = {
    "why": N_("Say why, in at most 200 characters."),
    "author": N_(
        "The network gave no id of this author, so nobody can be sure who they are. Block the site instead."
    ),
    "site": N_("This is no address of a site. Write a name such as example.org, or paste an address."),
    "block": N_("There are 500 blocks. Lift one that holds nothing any more."),
}
ENDING = N_(
    "Under this ending stand the sites of everybody, so it cannot be blocked. Write the name of one site."
)
SHARED = N_(
    "Many people who have nothing to do with each other write on this site. Add the path or the name of one"
    " of them; or tick that you mean everybody there."
)


COLUMNS = ("kind", "what", "name", "held", "why", "by", "at", "id")


def show(visit: Visit) -> Outcome:
    """As a file the blocks."""
    if export.asked(visit):
        rows = (tuple(getattr(each, name) for name in COLUMNS) for each in blocking.blocks(visit))
        return export.download(visit, "blocks", COLUMNS, rows)
    return _page(visit, {})


def choose(visit: Visit) -> Outcome:
    """`mention` is the slug of the message by which somebody is to be blocked."""
    return _form(visit, _mention(visit, visit.query.get("mention", "")), {})


def block(visit: Visit) -> Outcome:
    """`kind` author (of `mention`) or site (`site`, with `all` also one that many share), and `why`. `lift`:
    the id of a block that is lifted instead."""
    form = visit.form
    if form.get("lift"):
        blocking.lift(visit, form["lift"])
        return Go("/noise?done=lifted")
    mention = _mention(visit, form["mention"]) if form.get("mention") else None
    try:
        blocking.add(visit, _wished(visit, mention))
    except BadInput as error:
        return _form(visit, mention, form, error) if mention else _page(visit, form, error)
    return Go("/noise?done=blocked")


def through(visit: Visit) -> Outcome:
    """`mention` (with `lift`: its block too) or `source`; `do=leave`: what is over its cap stays there."""
    form = visit.form
    if slug := form.get("mention"):
        count = blocking.let_through(visit, key_of(visit, slug), lifting=bool(form.get("lift")))
    elif form.get("do") == "leave":
        blocking.leave_cap(visit, form.get("source", ""))
        return Go("/noise?done=left")
    else:
        count = blocking.let_cap_through(visit, form.get("source", ""))
    back = own_path(form.get("back", "")) if form.get("back") else "/noise"
    return Go(back if "?" in back else f"{back}?{urlencode({'done': 'through', 'count': count})}")


def _wished(visit: Visit, mention: Mention | None) -> Block:
    """Raises BadInput."""
    form, by = visit.form, visit.member.name or visit.member.email
    if form.get("kind") == AUTHOR:
        if mention is None:
            raise BadInput("author", "a message of theirs")
        return rules.of_author(mention, form.get("why", ""), by, visit.now)
    return rules.of_site(
        form.get("site", ""), form.get("why", ""), by, visit.now, all_of_it=bool(form.get("all"))
    )


def _mention(visit: Visit, slug: str) -> Mention:
    """Raises NotFound."""
    key = key_of(visit, slug)
    if key.drill:
        raise NotFound("a drill has no authors")
    return visit.desk.mentions.get(key)[0]


def _form(
    visit: Visit, mention: Mention | None, given: Mapping[str, str], error: BadInput | None = None
) -> Page:
    assert mention is not None
    try:
        site = rules.site_of(mention.url).partition("/")[0] if mention.url else ""
    except BadInput:
        site = ""
    values = {
        "mention": mention,
        "slug": mention.key.slug,
        "site": given.get("site", site),
        "given": given,
        "kind": given.get("kind") or (AUTHOR if mention.author.id else SITE),
        "fault": _fault(error, visit) if error else "",
        "field": error.field if error else "",
    }
    return Page(template="block.html", place="sources", values=values, status=422 if error else 200)


def _fault(error: BadInput, visit: Visit) -> str:
    said = FAULTS[error.field]
    if error.message.startswith("the name of one"):
        said = ENDING
    if error.message.startswith("a page or an author"):
        said = SHARED
    return visit.words.gettext(said)


def _page(visit: Visit, given: Mapping[str, str], error: BadInput | None = None) -> Page:
    brand, _ = visit.desk.brands.latest(visit.brand.id)
    sources = [source for source, _state in visit.desk.sources.of(brand.id)]
    counts = visit.desk.noise.counts(brand.id, [each.id for each in sources], visit.now)
    names = {source.id: source.name for source in sources}
    counted = [(source, held.counted(counts.get(source.id, {}), visit.words)) for source in sources]
    values = {
        "blocks": brand.blocks,
        "most": rules.MOST,
        "sources": [each for each in counted if each[1]],
        "over": held.over(visit, names),
        "given": given,
        "fault": _fault(error, visit) if error else "",
        "field": error.field if error else "",
        "done": visit.query.get("done", ""),
        "count": visit.query.get("count", ""),
    }
    return Page(template="noise.html", place="sources", values=values, status=422 if error else 200)
