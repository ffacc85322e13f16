from __future__ import annotations

import pytest

from components.manuscripts.text.ligatures import as_letters


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("ﬁrst ﬂoor, oﬀ, oﬃce, baﬄe", "first floor, off, office, baffle"),
        ("\u0093So,\u0094 he said \u0096 it\u0092s", "“So,” he said – it’s"),
        ("e\u0301te\u0301", "été"),
        ("one\u2003two", "one two"),
        ("“kept” «aussi» - ‘as it is’ … \u00a0!", "“kept” «aussi» - ‘as it is’ … \u00a0!"),
        ("plain", "plain"),
        ("œuvre, Ægir", "œuvre, Ægir"),
    ],
)
def test_letters(text, letters):
    assert as_letters(text) == letters
