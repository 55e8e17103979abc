"""Where people talk: one module a network, and the file's name is the platform's name everywhere.

A new platform is a new file here; it is registered by being there, and removed by deleting it. Modules
that begin with an underscore are tools that platforms share.

A platform module offers

* `connect(settings, secrets, kit)`: an object that implements those Protocols of `ports/platforms.py`
  it can honour: `Listens` (is asked), `Hears` (calls us), `Speaks`, `Deletes`, `Measures`, `Counts`.
  `settings` and `secrets` are mappings of texts; the module's docstring lists their names. Raises
  BadInput, naming the field, and asks nothing of the network yet.
* `CAN`: which of `SKILLS` that object has, so that it can be told without an account.
* `ANSWERS`: how what is heard here can be answered: `api` (by us), `browser` (a person follows the link
  and confirms), `person` (there is no link, but somebody can), `never`.
* `WHY_NOT`: why it is not `api`, a sentence for the case's page; "" where it is.
* `unanswered(*, direct, age)`, where not every message can be: why this one cannot be answered by us though
  others can, a sentence as `WHY_NOT`, "" where it can. `direct`: it is addressed to us; `age`: how long ago
  who wrote it did so, and has not written in that conversation since. Then it is as with `browser`.
* `TERMS`, where it is: what an answer costs, and how many the network takes; or `terms(settings)`, where that
  depends on how a channel is set up.
* `SOURCES`: by the `kind` of its settings ("" where there is one only) a way to listen (`ports.Ear`), with
  what it asks for; the brand file, the console and the API have their forms from there. Empty where it
  only calls us (`heard`), or is not heard at all.
* `CHANNEL`, where it publishes: what an account asks for (`ports.Setting`).
* `KEYLESS = True`, where it needs no secret: then none is looked up.
* `PRICES`, where the network charges for what is read: `Prices` by kind of source, as data with the day on
  which they were read last. Its `listen` then takes `most` too (`Metered`). X has some, and the sandbox, for
  practice.
* `IMAGES`, where messages may bring some (`ports/showing.py`); `OAUTH`, where the network itself asks whose
  account we are given (`ports/connecting.py`).
* `account(settings)`, where it asks over the net: whose requests its network counts together, by name. All
  our workers then keep to one pace (`_paced.py`); without, each request is made at once.
* `LIMIT`, where its network tells one: how often an account may ask, with where and when that was read.
* `SCHEME`, for a platform that calls us: the name of its signature scheme (`_signatures.py`).

Sentences that users read are English and marked with `N_`; the console says them in the reader's language.
What a network cannot do is data or a Protocol that is not there, never an exception. A module imports at
its top only what is cheap: a parser or a client is imported where it is first used.

    class Shouts:
        def listen(self, cursor: str) -> Page: ...

    def connect(settings, secrets, kit):
        return Shouts(settings["url"], kit.http)
"""

from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from os import listdir
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any

from chalicelib.errors import BadInput
from chalicelib.ports import Answering, Ear, Kit, Prices

if TYPE_CHECKING:
    from chalicelib.domain.pace import Limit
    from chalicelib.ports.connecting import OAuth
    from chalicelib.ports.showing import Images

SKILLS = ("publish", "delete", "measure", "look-again", "check", "boost", "quote", "edit", "comment")
"""What a platform may be able to, so that somebody asks: it speaks, deletes, measures."""


def names() -> tuple[str, ...]:
    """Every platform there is, by name: what lies in this folder."""
    files = (file.partition(".") for file in listdir(__path__[0]))
    return tuple(sorted({name for name, _, kind in files if kind in ("py", "pyc") and name[0] != "_"}))


def connect(name: str, settings: Mapping[str, str], secrets: Mapping[str, str], kit: Kit) -> Any:
    """The platform's object for one source or channel. Raises BadInput for a wrong name or setting."""
    return module(name).connect(settings, secrets, kit)


def keyless(name: str) -> bool:
    """Does the platform work without a secret?"""
    return bool(getattr(module(name), "KEYLESS", False))


def oauth(name: str) -> "OAuth | None":
    """How its network asks a person itself; None where it does not. Raises BadInput for a wrong name."""
    found: OAuth | None = getattr(module(name), "OAUTH", None)
    return found


def several(name: str) -> bool:
    """Is more than one secret of an account typed there, or one beside its token?"""
    of = module(name)
    asked = (getattr(of, "CHANNEL", ()), *(ear.settings for ear in of.SOURCES.values()))
    beside = "token" if oauth(name) else ""
    most = max(sum(each.secret and each.name != beside for each in settings) for settings in asked)
    return bool(most > (0 if beside else 1))


def asks(name: str, kind: str | None) -> bool:
    """Does a source of this kind (None: a channel) wait for the token that its network gives a person? Not
    where it may be typed and need not be."""
    if oauth(name) is None:
        return False
    of = module(name)
    ear = None if kind is None else of.SOURCES.get(kind) or next(iter(of.SOURCES.values()))
    settings = ear.settings if ear else of.CHANNEL
    return all(each.needed or not each.label for each in settings if each.name == "token")


def paced_as(name: str, settings: Mapping[str, str]) -> "tuple[str, Limit | None]":
    """The account whose pace such a source or channel keeps ("" for none), and its limit. Raises BadInput."""
    of = module(name)
    account = of.account(settings) if hasattr(of, "account") else ""
    return f"{name}#{account}" if account else "", getattr(of, "LIMIT", None)


def leaves_out(name: str, settings: Mapping[str, str]) -> tuple[str, ...]:
    """What a source set up so does not bring though it is said there, each a sentence in English that the
    console translates; `%(caller)s` in it is who calls. A kind that was not set is the module's first; of a
    platform that is gone nothing."""
    if name not in names():
        return ()
    of = module(name)
    if hasattr(of, "leaves_out"):
        said: tuple[str, ...] = of.leaves_out(settings)
        return said
    ears: Mapping[str, Ear] = of.SOURCES
    ear = ears.get(settings.get("kind", "")) or next(iter(ears.values()), None)
    return ear.leaves_out if ear else ()


def answering(
    name: str,
    settings: Mapping[str, str] = MappingProxyType({}),
    *,
    direct: bool = True,
    age: timedelta = timedelta(),
) -> Answering:
    """How what is heard there can be answered by a channel set up so, of a message that is addressed to us
    (`direct`) and so old; by hand where there is no module of that name."""
    if name not in names():
        return Answering("browser", "Webspin does not write on this network")
    of = module(name)
    terms = of.terms(settings) if hasattr(of, "terms") else getattr(of, "TERMS", None)
    if of.ANSWERS == "api" and hasattr(of, "unanswered"):
        reason: str = of.unanswered(direct=direct, age=age)
        if reason:
            return Answering("browser", reason, terms)
    return Answering(of.ANSWERS, of.WHY_NOT, terms)


def charged(name: str, settings: Mapping[str, str], text: str) -> int:
    """What a message that says this costs there, in micro-dollars, by a channel set up so."""
    terms = answering(name, settings).terms
    return round(terms.cost([text]) * 1_000_000) if terms else 0


def prices(name: str, kind: str) -> Prices | None:
    """What reading a source of this kind costs there; None: nothing."""
    of: Mapping[str, Prices] = getattr(module(name), "PRICES", {}) if name in names() else {}
    return of.get(kind)


def images(name: str) -> "Images | None":
    """Which images it takes with one message; None: none, or there is no module of that name."""
    found: Images | None = getattr(module(name), "IMAGES", None) if name in names() else None
    return found


def can(name: str, skill: str) -> bool:
    """Is the platform able to do one of `SKILLS`? Asks nobody. Raises BadInput for a wrong name."""
    return skill in module(name).CAN


def module(name: str) -> ModuleType:
    """A platform's module, for its `ANSWERS`, `WHY_NOT`, `CAN` and `SCHEME`. Raises BadInput."""
    if name not in names():
        raise BadInput("platform", f"{name!r} is not one of {', '.join(names())}")
    return import_module(f"{__name__}.{name}")
