"""A passage falls into sentences that lose nothing and can be shown one by one."""

from __future__ import annotations

import pytest

from components.evidence import sentences

CASES = {
    "three": "It rained. | Did it stop? | It did!",
    "abbreviations": "Mr. Tolland met Mrs. B. Smith in St. Ives. | She lived at No. 5. | He left.",
    "an answer and a number": "“No. | I will not.” | See p. 12 and vol. 3.",
    "initials and I": "J. R. Hartley wrote it. | It was I. | He knew.",
    "speech": "“Stop!” cried he. | “I know,” said Anna. | “Oh!” Anna said. | “Why?” | He sat.",
    "straight marks": '"What?!" he asked. | "Nothing." | It was late.',
    "omissions": "Well… | I suppose so. . . . | Then he went on… and on.",
    "French": "« Quoi ! » dit-il. | M. Fogg partit. | « Bien. » | Il sortit.",
    "German": "Am 3. Mai kam er an. | „Nein!“ | »Ende.« | »Gut.« | Dr. Faust schwieg.",
    "Chinese": "他走了。|她也走了！|「好。」|他说？",
    "Arabic": "هل كان حلما؟ | «لا!» | نزل إلى الشاطئ.",
    "Urdu": "وہ گیا۔ | وہ بھی گئی؟ | اچھا۔",
    "Hindi": "वह गया। | क्या वह आई? | हाँ।",
    "Hebrew": "לאן הלך? | הוא ירד אל החוף. | „לא!“",
    "numbers": "It cost 1.204 francs. | In 1915. | He left at 5 p.m. and came back.",
    "brackets": "(He left. | She stayed.) | And so on.",
    "no sign at the end": "He left. | She stayed",
    "a list": "1. The lamp was lit. | It burned.",
    "a heading": "CHAPTER I. Down the Rabbit-Hole",
    "a heading in capitals": "THE LAMP. A TALE",
    "no heading": "Part of him left. | Letter in hand, he stayed.",
    "a break": "* * *",
    "verse": "The lamp burned low,\nand so did we. | Nobody\nspoke.",
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_paragraph_falls_into_sentences(case: str) -> None:
    wanted = [piece.strip(" ") for piece in case.split("|")]
    text = case.replace("|", "") if "。" in case else case.replace(" | ", " ")
    assert [text[start:end] for start, end in sentences(text, 0, len(text))] == wanted


def test_no_sentence_crosses_a_blank_line_and_nothing_is_lost() -> None:
    text = "Chapter 1\n\n“I am here\n \nand there.” He sat.\n\n* * *\n\nEnd."
    spans = sentences(text, 0, len(text))
    assert len(spans) == 6
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert [text[a:b] for a, b in sentences(text, 11, 28)] == ["“I am here", "and"]


def test_a_very_long_sentence_is_cut_where_it_may_be() -> None:
    part = " ".join(["word"] * 40)
    text = f"{part}; {part}: {part}, {part}."
    pieces = [text[a:b] for a, b in sentences(text, 0, len(text))]
    assert [len(piece.split()) for piece in pieces] == [80, 80] or len(pieces) == 3
    assert " ".join(pieces) == text
