"""The colours of all plots: one hue for each thing, on paper and in the dark.

Hues are told apart with every kind of colour vision (Okabe and Ito, made darker on paper and
lighter in the dark, where they have at least 3:1 to the ground). No plot needs colour alone to be
read: each says in words what it shows.
"""

from __future__ import annotations

from collections.abc import Mapping

#: A colour by the name of what it is for.
Palette = Mapping[str, str]

LIGHT: Palette = {
    "words": "#5b554d",
    "dialogue": "#0a6aa8",
    "rhythm": "#a85b00",
    "reading_ease": "#00795a",
    "lix": "#00795a",
    "names": "#8d3b72",
    "phrases": "#0a6aa8",
    "echoes": "#a85b00",
    "favourites": "#00795a",
    "adverbs": "#5b554d",
    "filter_words": "#8d3b72",
    "tension": "#b3400e",
    "valence": "#0a6aa8",
    "pace": "#00795a",
    "conflict": "#6b46a8",
    "doubt": "#5b554d",
    "ink": "#2a2521",
    "quiet": "#5b554d",
    "paper": "#f2ecdf",
    "ground": "#fbf8f1",
}
DARK: Palette = {
    "words": "#b3a999",
    "dialogue": "#62b5e8",
    "rhythm": "#e6a23c",
    "reading_ease": "#3cc09a",
    "lix": "#3cc09a",
    "names": "#d790b8",
    "phrases": "#62b5e8",
    "echoes": "#e6a23c",
    "favourites": "#3cc09a",
    "adverbs": "#b3a999",
    "filter_words": "#d790b8",
    "tension": "#f08a5d",
    "valence": "#62b5e8",
    "pace": "#3cc09a",
    "conflict": "#b79af2",
    "doubt": "#b3a999",
    "ink": "#ece4d6",
    "quiet": "#b3a999",
    "paper": "#292521",
    "ground": "#1d1a17",
}
