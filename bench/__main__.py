"""Print every figure: `python -m bench`, or some: `python -m bench cold idle`."""

import sys
from collections.abc import Callable, Iterator
from functools import cache

from bench import Line
from tests.harness.meter import PRICES


@cache
def _shares():  # type: ignore[no-untyped-def]
    from bench import cpu

    return cpu.measured()


def _cold() -> Iterator[Line]:
    from bench import cold

    return cold.figures()


def _cpu() -> Iterator[Line]:
    from bench import cpu

    return cpu.figures(_shares())


def _cost() -> Iterator[Line]:
    from bench import cost

    return cost.figures(_shares())


def _publish() -> Iterator[Line]:
    from bench import publish

    return publish.figures(_shares())


def _month() -> Iterator[Line]:
    from bench import month

    return month.figures()


def _pages() -> Iterator[Line]:
    from bench import pages

    return pages.figures()


def _idle() -> Iterator[Line]:
    from bench import idle

    return idle.figures(_shares())


def _size() -> Iterator[Line]:
    from bench import size

    return size.figures()


def _watches() -> Iterator[Line]:
    from bench import watches

    return watches.figures()


def _feeds() -> Iterator[Line]:
    from bench import feeds

    return feeds.figures()


def _platforms() -> Iterator[Line]:
    from bench import platforms

    return platforms.figures()


PARTS: dict[str, Callable[[], Iterator[Line]]] = {
    "cold": _cold,
    "cpu": _cpu,
    "idle": _idle,
    "size": _size,
    "cost": _cost,
    "publish": _publish,
    "month": _month,
    "pages": _pages,
    "watches": _watches,
    "feeds": _feeds,
    "platforms": _platforms,
}


def main() -> int:
    wanted = sys.argv[1:] or list(PARTS)
    if unknown := [name for name in wanted if name not in PARTS]:
        print(f"no {', '.join(unknown)} here; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    print(f"# prices: {PRICES.name}, which says when they were looked up and which are from memory")
    for name in wanted:
        for line in PARTS[name]():
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
