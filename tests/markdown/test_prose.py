"""Plain text of markdown: what it reads, where it stands, and marks that stay harmless."""

from __future__ import annotations

import random
import re

import pytest

from components.markdown import Blocks, Highlight, prose, to_html
from components.markdown.html import CLASSES, MARK_CLASSES, MARK_TAGS, TAGS
from tests.markdown.answers import ANSWERS
from tests.markdown.harmless import ATTACKS, VOID, Closed

ADDRESS = "./manuscript?manuscript=a_b-C&at=12-34"


class Marked(Closed):
    """Allows what marks add, and that alone."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS | MARK_TAGS
        for name, value in attrs:
            if name == "href":
                assert (tag, value) == ("a", ADDRESS)
            elif name == "target":
                assert (tag, value) == ("a", "_self")
            elif name == "title":
                assert value == 'said "so" <b>'
            elif name == "class":
                assert value in CLASSES | MARK_CLASSES
            elif name == "dir":
                assert value == "auto"
            else:
                assert (tag, name) in {("ol", "start"), ("div", "tabindex")}
        if tag not in VOID:
            self.open.append(tag)


def test_offsets_lead_to_the_source() -> None:
    source = '> "He *said* \\"x\\""\n> more\n\n| a | "b" |\n|---|---|\n| a | a |\n\n# Head *x*\n'
    stretches = prose(source)
    assert [one.setting for one in stretches] == ["quotation", *["text"] * 4, "heading"]
    assert stretches[0].text == '"He said "x""\nmore'
    assert stretches[0].emphasised == ((4, 8),)
    for one in stretches:
        assert len(one.at) == len(one.text)
        for character, at in zip(one.text, one.at, strict=True):
            assert source[at] == character
    assert stretches[3].at[0] < stretches[4].at[0]


@pytest.mark.parametrize("source", [*ANSWERS, *ATTACKS])
def test_every_character_has_its_place(source: str) -> None:
    for one in prose(source):
        assert len(one.at) == len(one.text)
        assert list(one.at) == sorted(one.at)
        assert all(0 <= at <= len(source) for at in one.at)


@pytest.mark.parametrize("source", [*ANSWERS, *ATTACKS])
def test_marks_keep_the_text_and_the_tags_nested(source: str) -> None:
    chance = random.Random(3)
    bare = re.sub("<[^>]*>", "", to_html(source))
    for _ in range(5):
        marks = []
        for number, one in enumerate(prose(source)):
            if len(one.text) > 4:
                start = chance.randrange(len(one.text) - 2)
                end = chance.randrange(start + 1, len(one.text))
                meaning = chance.choice(["found", "missing", "unknown"])
                address = ADDRESS if meaning == "found" else ""
                marks.append(Highlight(number, start, end, meaning, 'said "so" <b>', address))
        html = to_html(source, marks)
        document = Marked()
        document.feed(re.sub('title="said &quot;so&quot; &lt;b&gt;"', "", html))
        document.close()
        assert document.open == []
        without = re.sub(r'<span class="fr-said">[^<]*</span>', "", html)
        assert re.sub("<[^>]*>", "", without) == bare


def test_a_mark_is_written_once_around_emphasis() -> None:
    html = to_html("He “said *this* now”.", [Highlight(0, 4, 17, "found", "Here", ADDRESS)])
    assert html.count("<a ") == 1
    assert ">said <em>this</em> now</a>" in html
    assert 'href="./manuscript?manuscript=a_b-C&amp;at=12-34"' in html


def test_what_is_missing_says_so() -> None:
    html = to_html(
        "He “said this”.", [Highlight(0, 4, 13, "missing", "not found in the manuscript")]
    )
    assert "(not found in the manuscript)" in html
    assert "href" not in html


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        "//evil.example/",
        "https://evil.example/?a=1",
        './x?a="onclick="',
        "./x?a=1#b",
        "./../x?a=1",
        "./x?a=1\n",
    ],
)
def test_a_mark_leads_nowhere_else(address: str) -> None:
    with pytest.raises(ValueError, match="page of this app"):
        Highlight(0, 0, 1, "found", "said", address)


def test_a_mark_that_leads_nowhere_says_its_place_once() -> None:
    html = to_html("He “said *this now”, then* went.", [Highlight(0, 3, 18, "cited", "Chapter 1")])
    assert html.count("(Chapter 1)") == 1
    assert html.count('<span class="fr-found-words" title="Chapter 1">') == 2
    assert "<a" not in html


@pytest.mark.parametrize(("below", "tags"), [(1, "23"), (3, "45"), (5, "66"), (0, "22")])
def test_headings_go_down_by_as_many_levels_as_asked(below: int, tags: str) -> None:
    first, second = tags
    html = to_html("# One\n\n## Two", below=below)
    assert html == f"<h{first}>One</h{first}><h{second}>Two</h{second}>"


@pytest.mark.parametrize("source", ANSWERS)
def test_blocks_have_the_stretches_of_the_whole(source: str) -> None:
    blocks = Blocks()
    blocks.feed(source)
    blocks.finish()
    apart = [one.text for block in blocks.settled for one in prose(block)]
    assert apart == [one.text for one in prose(source)]
