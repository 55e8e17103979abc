"""The catalogue of translations: what code and templates say, against `translations/`.

`python -m tests.web.catalogue` brings the .po up to date (new sentences come in empty) and compiles it.
"""

import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

WEB = Path(__file__).parent.parent.parent / "chalicelib" / "web"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
PLATFORMS = WEB.parent / "platforms"
METHODS = [("**/*.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"templates/**.html": {"extensions": "jinja2.ext.i18n", "trimmed": "true", "silent": "false"}}

NOBODY = (b'"Report-', b'"POT-', b'"PO-', b'"Last-', b'"Language-Team', b'"Generated-')
"""Lines of the head that would name people or change with each run."""


def said() -> Catalog:
    """Every sentence that code and templates mark for translation, with where it is said."""
    found = Catalog(locale="nl", project="webspin", charset="utf-8", fuzzy=False)
    for folder in (WEB, PLATFORMS):
        for file, line, message, _, context in extract_from_dir(
            folder, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=()
        ):
            found.add(message, None, [(f"chalicelib/{folder.name}/{file}", line)], context=context)
    return found


def po(language: str) -> Path:
    return WEB / "translations" / language / "LC_MESSAGES" / "webspin.po"


def kept(language: str) -> Catalog:
    with po(language).open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalog: Catalog) -> bytes:
    """The same bytes for the same sentences: the head holds no date."""
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def written(catalog: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalog, width=110, no_location=True, sort_output=True)
    lines = out.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(NOBODY))


def update(language: str) -> list[str]:
    """Write .po and .mo; the sentences that still have no translation."""
    path = po(language)
    catalog = kept(language) if path.exists() else Catalog(locale=language, fuzzy=False)
    catalog.update(said(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    path.write_bytes(written(catalog))
    path.with_suffix(".mo").write_bytes(compiled(catalog))
    return [str(message.id) for message in catalog if message.id and not _whole(message.string)]


def _whole(string: object) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


if __name__ == "__main__":
    left = update("nl")
    sys.stdout.write("".join(f"not translated: {each}\n" for each in left))
    sys.exit(bool(left))
