"""The renderer: whatever the model writes, only a known and harmless set of HTML comes out."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from components.markdown import to_html
from components.markdown.html import CLASSES, MAX_EMPHASIS, TAGS
from tests.markdown.answers import ANSWERS, mixed, punctuation
from tests.markdown.harmless import ATTACKS, Closed


def checked(source: str) -> Closed:
    html = to_html(source)
    html.encode()
    document = Closed()
    document.feed(html)
    document.close()
    assert document.open == []
    assert document.rawdata == ""
    return document


def text_of(source: str) -> str:
    return "".join(checked(source).text)


LONG = [
    *["[", "](", "![", "![x](", "[a](b", "[[a]", "[a](<", '[a](b "', "[a]((("],
    *["*a ", "**a ", "*a_b ", "a**b", "_", "~~a", "`", "`a``b", "$", "\\", "a\\\n"],
    *[">", "> ", "> a\n", "- ", "- a\n", "1. a\n", "- > ", "# ", "===\n", "-\n\n"],
    *["```\n", "- ```\n", "|\n", "a|b\n", "-|-\n", "<", "<a ", "<!--", "&", "&#"],
    *["\t", "\n", "a\n", "\r", "\0", "\u202e", '"', "x", "word "],
]

DEEP = [
    *(opener * 3_000 + "x" for opener in ["> ", ">", "- ", "1. ", "- > ", "+ 1. "]),
    "".join("  " * level + "- x\n" for level in range(400)),
    "".join("> " * level + "x\n\n" for level in range(200)),
    "*a " * 3_000 + "b* " * 3_000,
    "**a " * 3_000 + "b** " * 3_000,
    "_a **b ~~c " * 1_000 + "d~~ e** f_ " * 1_000,
    "[" * 3_000 + "x" + "](y)" * 3_000,
]


@pytest.mark.parametrize("source", ATTACKS)
def test_an_attack_comes_out_as_text(source: str) -> None:
    checked(source)
    checked("- " + source.replace("\n", "\n  "))
    checked("> " + source)
    checked(f"| {source} |\n|---|\n| {source} |")
    checked(f"**{source}** *{source}")


def test_every_pair_of_attacks() -> None:
    for one, other in pairwise(ATTACKS * 2):
        checked(one + other)
        checked(other[: len(other) // 2] + one + other[len(other) // 2 :])


def test_punctuation_in_no_order() -> None:
    for seed in range(1_500):
        checked(punctuation(seed, 60))
    for seed in range(500):
        checked(mixed(seed))


@pytest.mark.parametrize("source", DEEP)
def test_deep_nesting_is_bounded_and_loses_no_text(source: str) -> None:
    document = checked(source)
    assert document.deepest < 50
    assert "".join(document.text).count("x") == source.count("x")


def test_emphasis_is_bounded() -> None:
    html = to_html("*a " * 50 + "b* " * 50)
    assert html.count("<em>") == html.count("</em>") == MAX_EMPHASIS


@pytest.mark.parametrize("unit", LONG)
def test_one_unit_many_times_is_rendered_whole(unit: str) -> None:
    """Each of these once took a parser quadratic time or overflowed its stack."""
    document = checked(unit * (20_000 // len(unit)))
    assert document.deepest < 50


def test_a_megabyte_on_one_line() -> None:
    assert len(text_of('He said "so" & left. ' * 50_000)) > 1_000_000


def test_a_table_cannot_grow_out_of_bounds() -> None:
    source = "|a" * 24 + "|\n" + "|-" * 24 + "|\n" + "x\n" * 500
    assert len(to_html(source)) < 15 * len(source)
    assert "<table>" not in to_html("|a" * 500 + "|\n" + "|-" * 500 + "|\n" + "x\n" * 500)


def test_links_and_pictures_are_text() -> None:
    assert to_html("[the *review*](https://a.example/b_(c))") == (
        '<p>the <em>review</em> <span class="fr-address">(https://a.example/b_(c))</span></p>'
    )
    assert text_of('[a](<b c> "Title")') == "a (b c — Title)"
    assert text_of("[https://a.example](https://a.example)") == "https://a.example"
    assert text_of("![The cover](c.png)") == "[picture left out: The cover — c.png]"
    assert text_of("![](c.png 'T')") == "[picture left out — c.png — T]"
    assert text_of("<https://a.example> [a]") == "<https://a.example> [a]"
    assert text_of("[a]: https://a.example") == "[a]: https://a.example"
    assert text_of("a\\[b](c) \\![d](e)") == "a[b](c) !d (e)"


def test_quotes_are_not_escaped() -> None:
    assert to_html('"It\'s" & <so>') == '<p>"It\'s" &amp; &lt;so&gt;</p>'


def test_headings_leave_the_first_level_to_the_page() -> None:
    source = "\n".join("#" * level + " x" for level in range(1, 8)) + "\ny\n==="
    assert re.findall(r"<h\d>", to_html(source)) == [
        "<h2>",
        "<h3>",
        "<h4>",
        "<h5>",
        "<h6>",
        "<h6>",
        "<h2>",
    ]


def test_lists() -> None:
    assert to_html("- a\n\n- b\n  - c") == "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"
    assert to_html("- a\n\n  b") == "<ul><li><p>a</p><p>b</p></li></ul>"
    assert to_html("4. a\n5. b") == '<ol start="4"><li>a</li><li>b</li></ol>'
    assert to_html("0. a") == '<ol start="0"><li>a</li></ol>'


def test_a_table() -> None:
    assert to_html("|a|b|c|\n|:-:|-:|:-|\n|1|2|\n") == (
        '<div class="fr-table" tabindex="0"><table><thead><tr><th class="fr-center">a</th>'
        '<th class="fr-right">b</th><th>c</th></tr></thead><tbody><tr>'
        '<td class="fr-center">1</td><td class="fr-right">2</td></tr></tbody></table></div>'
    )


def test_code_keeps_its_text() -> None:
    assert to_html("```js\na <b>\n```") == "<pre><code>a &lt;b&gt;\n</code></pre>"
    assert to_html("    a\n") == "<pre><code>a\n</code></pre>"


def test_what_cannot_be_shown_is_replaced() -> None:
    assert text_of("a\0b\ud800c\x07") == "a\ufffdb\ufffdc\ufffd"
    assert text_of("a\u202eb &#x202e;c") == "ab c"


def test_what_has_a_side_follows_its_text_where_that_may_run_to_the_left() -> None:
    assert to_html("> שלום <ul>\n\n1. a") == (
        '<blockquote dir="auto"><p>שלום &lt;ul&gt;</p></blockquote><ol dir="auto"><li>a</li></ol>'
    )


def test_every_tag_and_class_is_used() -> None:
    html = "".join(map(to_html, ANSWERS)) + to_html("##### a\n\n### b")
    assert set(re.findall(r"<(\w+)", html)) == TAGS
    assert set(re.findall(r'class="([^"]*)"', html)) == CLASSES


def test_nothing_gives_nothing() -> None:
    assert to_html("") == to_html(" \n\n") == ""
