"""Real servers for the contract: those whose addresses are in the environment."""

from tests.platforms import real_bluesky, real_mastodon, real_snac, real_wordpress
from tests.platforms.peers import Net

REAL: dict[str, Net] = {
    name: net
    for module in (real_mastodon, real_snac, real_bluesky, real_wordpress)
    for name, net in module.NETS.items()
}
