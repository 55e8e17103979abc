"""Numbers on a page are written as its reader writes them."""

import pytest

from chalicelib.web import posts_file, render
from chalicelib.web.i18n import Words
from chalicelib.web.pages import accuracy, post_import
from chalicelib.web.request import LONGEST
from tests.web.world import NOW

WRITTEN = {"nl": ("1.234", "150.000"), "en": ("1,234", "150,000")}


@pytest.mark.parametrize("language", WRITTEN)
def test_in_every_sentence_of_code_and_of_templates(language: str) -> None:
    words, (number, _) = Words(language, "UTC", NOW), WRITTEN[language]
    assert number in words.gettext("In the %(count)s days before there was no mention. ", count=1234)
    assert number in words.ngettext("%(num)s channel", "%(num)s channels", 1234)
    for template in (
        '{{ ngettext("%(num)s channel", "%(num)s channels", 1234) }}',
        '{{ _("%(count)s silent", count=1234) }}',
    ):
        assert number in render.environment(language).from_string(template).render()
    assert "True" in words.gettext("%(count)s silent", count=True)


@pytest.mark.parametrize("language", WRITTEN)
def test_beside_a_share_and_in_what_is_wrong_with_a_file(language: str) -> None:
    words, (number, most) = Words(language, "UTC", NOW), WRITTEN[language]
    assert accuracy._share(1234, 2000, words) == f"{number} (62%)"
    (wrong,) = posts_file.read("x" * (LONGEST + 1)).wrong
    assert most in post_import._fault(wrong, True, words).said
