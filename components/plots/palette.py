"""The colors of all plots: one hue for each thing, on paper and in the dark.

The hues can be told apart with every kind of color vision (Okabe and Ito, made darker on paper and
lighter in the dark, with a contrast of at least 3:1). No plot relies on color alone: each says in
words what it shows.
"""

from collections.abc import Mapping

#: A color by the name of what it is for.
Palette = Mapping[str, str]

#: The colors on paper and in the dark, with the names of what they are for.
_COLOURS = {
    ("#5b554d", "#b3a999"): ("words", "adverbs", "doubt", "quiet"),
    ("#0a6aa8", "#62b5e8"): ("dialogue", "phrases", "valence"),
    ("#a85b00", "#e6a23c"): ("rhythm", "echoes"),
    ("#00795a", "#3cc09a"): ("reading_ease", "lix", "favourites", "pace"),
    ("#8d3b72", "#d790b8"): ("names", "filter_words"),
    ("#b3400e", "#f08a5d"): ("tension",),
    ("#6b46a8", "#b79af2"): ("conflict",),
    ("#2a2521", "#ece4d6"): ("ink",),
    ("#f2ecdf", "#292521"): ("paper",),
    ("#fbf8f1", "#1d1a17"): ("ground",),
}

LIGHT: Palette = {name: light for (light, _), names in _COLOURS.items() for name in names}
DARK: Palette = {name: dark for (_, dark), names in _COLOURS.items() for name in names}
