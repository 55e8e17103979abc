"""What it takes to match many watches against a message, beside one compiled regular expression a watch.

The watches are invented and of every kind: names, lists of words, wildcards, phrases, what must be near, what
must not be there. The expressions find the same but for languages, authors and signs, and are asked of the
folded text.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from statistics import median
from time import process_time, process_time_ns

from bench import Figure, Line, Note
from chalicelib.domain.conditions import Heard
from chalicelib.domain.matching import Matcher
from chalicelib.domain.query import All, Any, Near, Not, Query, Term
from chalicelib.domain.terms import fold, text_of
from chalicelib.querying.parse import parse

WATCHES, LENGTH, TEXTS, ROUNDS = 1000, 600, 40, 7
SEED = 20261130

_NAMED = """Ver Lin Mol Zuid Oos Bra Kwet Wil Hog Stad Rij Del Nieuw Gra
en er a el o ing u ij oo ste
veen dam burg hof kade waard meer stein huis zorg bank net tech"""
_TOLD = """storing vertraging klacht wachttijd rekening factuur boete abonnement bezorging pakket monteur
lekkage afspraak balie website wachtwoord terugbetaling parkeren subsidie vergunning wethouder
rechter onderzoek delay refund outage invoice booking driver ticket strike council permit lawsuit
investigation merger"""
_SAID = """de het een van en in op te dat is voor met die niet aan er om ook als bij maar naar was dan wel nog
al zijn heeft weer geen kan over meer door wat mensen jaar vandaag gisteren goed uit nu the of and
to in is it for that was on with this have not but they you are we from very again people today"""
_STARTS, _MIDDLES, _ENDS = (line.split() for line in _NAMED.splitlines())
_SUBJECTS, _COMMON = _TOLD.split(), _SAID.split()


def figures() -> Iterator[Line]:
    random = Random(SEED)
    names = [_name(random) for _ in range(WATCHES)]
    written = [_query(random, name) for name in names]
    texts = [_text(random, names) for _ in range(TEXTS)]
    began = process_time()
    queries = [parse(each) for each in written]
    parsing = process_time() - began
    began = process_time()
    matcher = Matcher(queries)
    building = process_time() - began
    expressions = [re.compile(_expression(query), re.DOTALL) for query in queries]
    found = [len(matcher.found(Heard(text=text))) for text in texts]
    same = [
        [match.number for match in matcher.found(Heard(text=text))] == _searched(expressions, text)
        for text in texts
    ]
    yield Note(f"{WATCHES} watches, {TEXTS} texts of {LENGTH} characters, median of {ROUNDS} rounds over all")
    yield Note(f"such as {' | '.join(written[:5])}")
    yield Figure("watches_that_match", sum(found) / len(found), "watches/mention")
    yield Figure("watches_found_alike_by_both", sum(same) / len(same), "share")
    yield Figure(
        "watches_match", round(_us(texts, lambda text: matcher.found(Heard(text=text))), 1), "us/mention"
    )
    yield Figure(
        "watches_expressions", round(_us(texts, lambda text: _searched(expressions, text)), 1), "us/mention"
    )
    yield from _of_fields(texts)
    yield Figure("watches_parse", round(parsing / WATCHES * 1e6, 1), "us/watch")
    yield Figure("watches_build", round(building / WATCHES * 1e6, 1), "us/watch")


def _of_fields(texts: list[str]) -> Iterator[Line]:
    """As many watches that name no word, as of those who listen for stakeholders."""
    for said in ("author:naam{}", "author:naam{}*", "site:krant{}.example", "link:krant{}.example/stad"):
        matcher = Matcher([parse(said.format(n)) for n in range(WATCHES)])
        written = [f"{text} https://www.krant{n}.example/stad." for n, text in enumerate(texts)]
        of = {
            text: Heard(text=text, author=f"naam{n}", name="Jan", url=f"https://krant{n}.example/{n}")
            for n, text in enumerate(written)
        }
        found = sum(len(matcher.found(each)) for each in of.values()) / len(of)
        field, _, form = said.partition(":")
        name = f"watches_of_{field}{'_wild' if '*' in form else ''}"
        yield Figure(f"{name}_that_match", round(found, 1), "watches/mention")
        yield Figure(name, round(_us(written, partial(_asked, matcher, of)), 1), "us/mention")


def _asked(matcher: Matcher, of: dict[str, Heard], text: str) -> object:
    return matcher.found(of[text])


def _us(texts: list[str], ask: Callable[[str], object]) -> float:
    """Of processor time a text; nothing of it is remembered from the round before."""
    rounds = []
    for _ in range(ROUNDS):
        text_of.cache_clear()
        began = process_time_ns()
        for text in texts:
            ask(text)
        rounds.append((process_time_ns() - began) / len(texts) / 1000)
    return median(rounds)


def _name(random: Random) -> str:
    return random.choice(_STARTS) + random.choice(_MIDDLES) + random.choice(_ENDS)


def _query(random: Random, name: str) -> str:
    one, other, third = random.sample(_SUBJECTS, 3)
    return random.choice(
        (
            name,
            f'"{name} Groep" OR @{name.lower()} OR #{name.lower()}',
            f"{name.lower()}* NOT (vacature* OR stage)",
            f"{name} AND ({one} OR {other} OR {third}*)",
            f"{name} NEAR/5 ({one} OR {other})",
            f'("{name} {third}" OR {name.lower()}{third}*) NOT {one}',
            f"({one}* OR {other}) AND ({name} OR {name.lower()}s) lang:nl",
            f"*{third}* AND {name}",
        )
    )


def _text(random: Random, names: list[str]) -> str:
    """Of the most common words, with a subject here, and a name there."""
    said = ""
    while len(said) < LENGTH:
        kind = random.random()
        word = random.choice(_SUBJECTS if kind < 0.1 else names if kind < 0.15 else _COMMON)
        said += word + random.choice((" ", " ", " ", " ", " ", ", ", ". ", "! "))
    return said[:LENGTH]


def _searched(expressions: list[re.Pattern[str]], text: str) -> list[int]:
    folded = fold(text)
    return [number for number, each in enumerate(expressions) if each.search(folded)]


def _expression(query: Query) -> str:
    """Anchored, with what else must or must not be there looked for ahead."""
    return rf"\A{_ahead(query)}"


def _ahead(query: Query) -> str:
    match query:
        case All(parts):
            return "".join(map(_ahead, parts))
        case Any(parts):
            return f"(?:{'|'.join(map(_ahead, parts))})"
        case Not(part):
            return f"(?!{_ahead(part)})"
        case Term():
            return f"(?=.*{_word(query)})"
        case Near(places, gaps):
            one, other = (f"(?:{'|'.join(map(_word, place))})" for place in places)
            between = rf"\W+(?:\w+\W+){{0,{gaps[0][0]}}}"
            return f"(?=.*(?:{one}{between}{other}|{other}{between}{one}))"
    return ""


def _word(term: Term) -> str:
    words = fold(term.text).split()
    said = r"\W+".join(re.escape(word).replace(r"\*", r"\w*") for word in words)
    tagged = re.escape("".join(words))
    before = r"(?<!\w)"
    return f"{before}(?:{said}|[#@]{tagged})(?!\\w)" if len(words) > 1 else rf"{before}{said}(?!\w)"
