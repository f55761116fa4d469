"""What the pure twin says is told in Chinese too."""

import pytest
from django.utils.translation import gettext, override

from yingting.twin.calibrating.reasons import WORDS


@pytest.mark.parametrize("code", sorted(WORDS))
def test_every_statement_of_a_calibration_has_chinese_words(code):
    with override("zh-hans"):
        assert gettext(WORDS[code]) != WORDS[code]
