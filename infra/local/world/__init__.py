"""The example world: a feed, a guest book and a reviewer for the example brand, on this machine.

Everything in it is invented. It plays the outside: what it says travels the same road as what a real
network says, and nothing of it is written into the table. `python -m infra.local.world --help`.
"""

from dataclasses import replace
from pathlib import Path

from chalicelib.brandfile.made import BrandSetup

HOME = Path(__file__).parent
EXAMPLE = HOME / "example.yaml"
PORT = 8641
"""The port that stands in the example's file: the one after the console's."""
HOOK = ("wiekeling", "reviews")
"""The example's brand and webhook source."""


def at_port(setup: BrandSetup, port: int) -> BrandSetup:
    """The example brand, listening to a world on another port of this machine."""
    ours, theirs = f"http://127.0.0.1:{PORT}/", f"http://127.0.0.1:{port}/"
    sources = tuple(
        replace(source, settings={k: v.replace(ours, theirs) for k, v in source.settings.items()})
        for source in setup.sources
    )
    return replace(setup, sources=sources)
