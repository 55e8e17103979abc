"""How the brand speaks, for whoever writes in its name."""

from chalicelib.domain.brand import Brand
from chalicelib.web.i18n import N_, Words

TONES = {"formal": N_("Formal (u)"), "informal": N_("Informal (je)")}


def voice(brand: Brand, words: Words) -> list[tuple[str, str]]:
    """(name, text) of its tone, the sentence that says on whose behalf, and its story."""
    tone = words.gettext(TONES[brand.tone]) if brand.tone in TONES else ""
    found = (
        (words.gettext("Tone"), tone),
        (words.gettext("On whose behalf"), brand.disclosure),
        (words.gettext("Story"), brand.story),
    )
    return [(name, text) for name, text in found if text]
