"""Texts of Aozora Bunko, Japan's free library: its marks for readings, headings and rare letters.

A word may have its reading behind it, 渡船《わたしぶね》, where ｜ says which letters it is of;
notes stand in ［＃...］. The head is title and author, with a list of the marks between two rules.
Source: https://www.aozora.gr.jp/annotation/.
"""

import re
from collections.abc import Iterator

from components.manuscripts.document import Block, Document
from components.manuscripts.formats import plain

_RULE = re.compile(r"-{20,}\n.*?\n-{20,}\n", re.DOTALL)
_READING = re.compile("《[^《》\n]{1,60}》")
_NOTE = re.compile("［＃[^［］]*(?:［[^［］]*］[^［］]*)*］")
#: A letter that the encoding lacks: "※［＃「てへん＋劣」、U+6318、153-12］".
_LETTER = re.compile("※［＃[^［］]{0,80}?U\\+(?P<code>[0-9A-Fa-f]{4,6})[^［］]*］")
#: A note on the heading before it, and notes around one.
_HEADING = re.compile("［＃「(?P<text>[^」]{1,120})」は(?:同行|窓)?(?P<size>[大中小])見出し］")
_AROUND = re.compile(
    "［＃(?:ここから)?(?:同行|窓)?(?P<size>[大中小])見出し］(?P<text>.{1,120}?)"
    "［＃(?:ここで)?(?:同行|窓)?[大中小]見出し終わり］",
    re.DOTALL,
)
_PAGE = re.compile("［＃改(?:ページ|丁|段|見開き)］")
_LEVELS = {"大": 1, "中": 2, "小": 3}
#: Characters of the beginning in which the marks show.
_HEAD = 20_000
#: Notes and readings from which on a text is one of these.
_FEWEST = 3


def is_aozora(text: str) -> bool:
    """Return whether `text` has Aozora Bunko's notes."""
    head = text[:_HEAD]
    if "［＃" not in head and "テキスト中に現れる記号" not in head:
        return False
    return len(_NOTE.findall(head)) + len(_READING.findall(head)) >= _FEWEST


def read_aozora(text: str) -> Document:
    """Return a text without its marks, headings as such."""
    rule = _RULE.search(text[:_HEAD])
    first = text.lstrip("\n").partition("\n\n")[0]
    head = [line.strip() for line in first.split("\n") if line.strip()]
    named = 1 < len(head) <= 6 and not any("［＃" in line for line in head)
    if rule:
        text = text[: rule.start()] + "\n" + text[rule.end() :]
    title, author = (_bare(head[0]), _bare(head[-1])) if named else ("", "")
    return Document(tuple(_blocks(text)), "txt", title=title, author=author, language="ja")


def _blocks(text: str) -> Iterator[Block]:
    text = _LETTER.sub(lambda match: chr(int(match["code"], 16)), text)
    text = _AROUND.sub(lambda match: f"{match['text']}［＃「-」は{match['size']}見出し］", text)
    pending: list[str] = []
    for line in text.split("\n"):
        heading = _HEADING.search(line)
        if not heading and not _PAGE.search(line):
            pending.append(_bare(line))
            continue
        yield from plain.blocks("\n".join(pending))
        pending.clear()
        if heading and (title := _bare(line).strip()):
            yield Block(title, "heading", level=_LEVELS[heading["size"]])
        elif shown := _bare(line).strip():
            pending.append(shown)
    yield from plain.blocks("\n".join(pending))


def _bare(text: str) -> str:
    """Return `text` without notes and readings."""
    return _READING.sub("", _NOTE.sub("", text)).replace("｜", "")
