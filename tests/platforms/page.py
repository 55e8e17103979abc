"""docs/platforms.md, made of the modules' own data. `python -m tests.platforms.page` writes it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType

from chalicelib import platforms
from chalicelib.ports import Ear, Setting
from chalicelib.web.i18n import called

PAGE = Path(__file__).parents[2] / "docs" / "platforms.md"
ANSWERS = {
    "api": "by Webspin, after a person's yes",
    "browser": "by a person, in the browser",
    "person": "by a person who can reach them",
    "never": "not",
}
SKILLS = {
    "publish": "publish",
    "delete": "delete",
    "measure": "measure",
    "look-again": "see what was removed or edited",
    "check": "try its key",
    "boost": "boost",
    "quote": "quote",
    "edit": "edit",
    "comment": "place a first comment below a post",
}


def page() -> str:
    lines = [
        "# The platforms",
        "",
        "Made of what each module of `chalicelib/platforms/` says of itself, by",
        "`python -m tests.platforms.page`; a test fails when it is stale. How to add one:",
        "[adding a platform](adding-a-platform.md).",
        "",
        "| platform | what is heard | answered | what else Webspin does there |",
        "|---|---|---|---|",
    ]
    modules = {name: platforms.module(name) for name in platforms.names()}
    for name, module in modules.items():
        heard = "; ".join(_plain(ear.label, name) for ear in module.SOURCES.values()) or _called(module)
        does = ", ".join(said for skill, said in SKILLS.items() if skill in module.CAN) or "nothing"
        lines.append(f"| [{called(name)}](#{name}) | {heard} | {ANSWERS[module.ANSWERS]} | {does} |")
    for name, module in modules.items():
        lines += ["", f"## {name}", "", *_about(name, module)]
    return "\n".join(lines) + "\n"


def _about(name: str, module: ModuleType) -> Iterator[str]:
    yield f"{called(name)}: {_summary(module)}"
    yield ""
    for kind, ear in module.SOURCES.items():
        of = f" (`kind: {kind}`)" if kind else ""
        yield f"* **Hears**{of}: {_plain(ear.label, name)}. {_asks(ear.settings)}"
        yield f"  Not heard: {' '.join(ear.leaves_out)}{_how(ear)}"
    if hasattr(module, "CHANNEL"):
        does = ["publishes"] * ("publish" in module.CAN) + ["answers"] * (module.ANSWERS == "api")
        yield f"* **{' and '.join(does).capitalize()}** on an account. {_asks(module.CHANNEL)}"
        yield from _takes(module)
    if module.WHY_NOT:
        yield f"* **Answered** {ANSWERS[module.ANSWERS]}: {module.WHY_NOT}."
    if hasattr(module, "unanswered"):
        yield "* **Not every message** can be answered so: which, and why, its case says."
    if terms := getattr(module, "TERMS", None):
        price = f"{terms.price:g} US dollars a message" if terms.price else "nothing"
        price += f", {terms.linked:g} with a link in it" if terms.linked is not None else ""
        listed = [f"{each.messages:,} messages in {_span(each.within)}" for each in terms.allowances]
        allowed = f" An account sends at most {', and '.join(listed)}." if listed else ""
        read = f" Read {terms.checked:%Y-%m-%d} at {terms.source}." if terms.source else ""
        yield f"* **An answer costs** {price}.{allowed}{read}"
    for kind, prices in getattr(module, "PRICES", {}).items():
        of = f" (`kind: {kind}`)" if kind else ""
        read = f" Read {prices.checked:%Y-%m-%d} at {prices.source}." if prices.source else " Nobody is paid."
        yield f"* **Reading costs**{of} {prices.read / 1_000_000:g} US dollars a message.{read}"
    if limit := getattr(module, "LIMIT", None):
        times = f"{limit.number:,} times in {_span(limit.within)}"
        yield f"* **Asked** at most {times}, by all workers together."
    if hasattr(module, "heard"):
        yield "* **Its own webhook** is read as it is sent: see [who calls us](callers.md)."
        if not module.SOURCES and hasattr(module, "UNTOLD"):
            yield f"  Not heard: {' '.join(module.UNTOLD)}"
    if untried := getattr(module, "NOT_BUILT", ()):
        yield f"* **Not done by Webspin**, though the network allows it: {' '.join(untried)}"


def _takes(module: ModuleType) -> Iterator[str]:
    """How long a text may be, counted as its `length` says, and which images go with it."""
    own = (each for each in vars(module).values() if getattr(each, "__module__", "") == module.__name__)
    speaks = next(each for each in own if hasattr(each, "publish"))
    counted = " ".join((speaks.length.__doc__ or "Characters.").partition("\n\n")[0].split())
    said = " (where the server says nothing else)" if hasattr(speaks, "_room") else ""
    yield f"* **A text** may be {module.ROOM:,} long{said}. Counted: {counted[0].lower()}{counted[1:]}"
    if not (takes := getattr(module, "IMAGES", None)):
        yield "* **Images**: none."
        return
    kinds = ", ".join(each.partition("/")[2].upper() for each in takes.types)
    shows = f"{takes.alt:,} characters for what it shows" if takes.alt else "no place for what it shows"
    short = f"; a text with one at most {takes.text:,} long" if takes.text else ""
    number = f"{int(takes.needed)} to {takes.most}" if takes.most > takes.needed else f"{takes.most}, always"
    read = f" Read {takes.checked:%Y-%m-%d} at {takes.source}." if takes.source else ""
    yield (f"* **Images**: {number}; {kinds}; at most {takes.size / 1_000_000:.3g} MB; {shows}{short}.{read}")


def _called(module: ModuleType) -> str:
    return "what its webhook tells" if hasattr(module, "UNTOLD") else "nothing"


def _summary(module: ModuleType) -> str:
    text = (module.__doc__ or "").partition("\n\n")[0].replace("\n", " ")
    return text.partition(": ")[2] or text


def _plain(label: str, name: str) -> str:
    return label.removeprefix(f"{called(name)}: ")


def _asks(settings: tuple[Setting, ...]) -> str:
    needed = [f"`{each.name}`" for each in settings if each.needed]
    rest = [f"`{each.name}`" for each in settings if not each.needed]
    said = f"It asks for {', '.join(needed)}" if needed else "It asks for nothing"
    return f"{said}; perhaps {', '.join(rest)}." if rest else f"{said}."


def _how(ear: Ear) -> str:
    return " It calls us." if ear.calls else ""


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    for number, one in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes % number == 0 and minutes >= number:
            count = minutes // number
            return f"{count} {one}{'s' if count > 1 else ''}"
    seconds = int(span.total_seconds())
    return f"{seconds} seconds" if seconds > 1 else "1 second"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
