"""Titles that are shown by their capitals: all the longer words have one."""

from __future__ import annotations

#: Words of a title whose capitals are all that shows it.
_CASED_WORDS = 9

#: Words of four letters and more that stay in lower case in a title.
_SMALL_WORDS = frozenset({
    "with", "from", "into", "upon", "over", "that", "than", "when", "where", "which", "whose",
    "their", "this", "under", "after", "before", "between", "against", "without", "toward",
    "towards", "through", "about", "among", "within", "until", "your", "them", "were", "dans",
    "avec", "pour", "sans", "sous", "chez", "entre", "vers", "leur", "leurs", "oder", "ohne",
    "nach", "unter", "über", "eine", "einer", "einem", "einen", "eines", "nicht", "della",
    "delle", "dello", "degli", "dell", "alla", "alle", "nella", "nelle", "dalla", "para", "desde",
    "hasta", "sobre", "contra", "como",
})  # fmt: skip


def is_title_case(title: str) -> bool:
    """Return whether all the longer words of a short `title` begin with a capital."""
    words = title.replace("-", " ").split()
    first = words[:1]
    longer = [
        word.lstrip("“‘«(")
        for word in words
        if word in first or (len(word) > 3 and word not in _SMALL_WORDS)
    ]
    return len(words) <= _CASED_WORDS and all(word[:1].isupper() for word in longer or words)
