"""The renderer: whatever the model writes, only a known and harmless set of HTML comes out."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from components.markdown import to_html
from components.markdown.html import CLASSES, MAX_EMPHASIS, TAGS
from tests.markdown.answers import ANSWERS, mixed, punctuation

VOID = {"br", "hr"}


class Closed(HTMLParser):
    """Asserts that a document holds only what the module promises, and collects its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.text: list[str] = []
        self.deepest = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        assert self.get_starttag_text() == self.get_starttag_text().lower()
        for name, value in attrs:
            if name == "class":
                assert value in CLASSES
            elif name == "tabindex":
                assert (tag, value) == ("div", "0")
            else:
                assert (tag, name) == ("ol", "start")
                assert re.fullmatch(r"[0-9]{1,9}", value or "")
        if tag not in VOID:
            self.open.append(tag)
            self.deepest = max(self.deepest, len(self.open))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        raise AssertionError(tag)

    def handle_data(self, data: str) -> None:
        assert "<" not in data
        assert ">" not in data
        self.text.append(data)

    def handle_entityref(self, name: str) -> None:
        self.text.append({"lt": "<", "gt": ">", "amp": "&"}[name])

    def refuse(self, data: str) -> None:
        raise AssertionError(data)

    handle_charref = handle_comment = handle_decl = handle_pi = unknown_decl = refuse


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


ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "a <b onclick=alert(1)>b</b> <img src=x onerror=alert(1)>",
    '<img src="http://evil.example/?leak">\n\n<svg onload=alert(1)><a href="x">x</a></svg>',
    "<style>*{background:url(http://evil.example)}</style>",
    "<iframe src='//evil.example'></iframe><form action=//evil.example><input name=a></form>",
    "<!-- a comment --> <!doctype html> <?php echo 1 ?> <![CDATA[x]]>",
    "<div>\n\n*markdown* in <span style='color:red'>html</span>\n\n</div>",
    "[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](data:text/html,<script>x</script>)",
    "[d](vbscript:x) [e](file:///etc/passwd) [f](<javascript:alert(1)>) [g](//evil.example)",
    "[h](java&#115;cript:alert(1)) [i](\x01javascript:alert(1)) [j](java\nscript:alert(1))",
    '[k](x "onmouseover=alert(1)") [l](x "\\" onmouseover=\\"alert(1)") [m](x\'onclick=1\')',
    "![a](http://evil.example/?leak) ![b](data:image/svg+xml,<svg/onload=alert(1)>) ![c][r]",
    "[![nested](http://evil.example/i.png)](http://evil.example)",
    "[[[[[[a](b)](c)](d)](e)](f)](g) ![![![x](y)](z)](w)",
    "[r][r] [r] [r][] ![r]\n\n[r]: http://evil.example 'title'\n[^1]: a note\n\n[^1]",
    "<http://evil.example> <mailto:a@evil.example> http://a.example www.a.example a@a.example",
    "&lt;img src=x onerror=alert(1)&gt; &#60;script&#62;alert(1)&#x3c;/script&#x3E; &LT;b&GT;",
    "&amp;lt;b&amp;gt; &#0; &#1; &#xd800; &#x202e;&#x110000; &nosuch; &quot;&apos;",
    '# <h1 onclick="x">\n\n```"><script>alert(1)</script>\n</code></pre><script>\n```',
    '``` x" onload="alert(1)\ncode\n```\n\n~~~ {.class onload=alert(1)}\n~~~',
    "`<script>` ``</code><script>`` `&lt;`",
    "| <b> | [x](javascript:1) |\n|:-:|--:|\n| </td><script> | ![i](http://evil.example) |",
    '1" onclick="alert(1). x\n\n999999999. y\n\n9999999999. z\n\n٣. arabic digits',
    "$$\\href{javascript:alert(1)}{x}$$ $x$ :smile: :red[text] :material/delete: :violet-badge[x]",
    "a\0b\x1b[31m\x7f\x9b \ud800 \udfff \ufeff \ufffe",
    "\u202eevil\u202c \u2066x\u2069 [a\u202e](http://moc.elpmaxe)",
    "</div><plaintext> </textarea><title><noscript><p title='</noscript><img src=x onerror=1>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1&gt;'>",
    "< img src=x> <\nscript> <\u0130mg> <ſcript>",
    "- [ ] <input autofocus onfocus=alert(1)>\n- [x] done",
    "> [!NOTE]\n> <b>x</b>",
    "---\ntitle: <script>\n---",
]

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
def test_length_costs_linear_time(unit: str) -> None:
    """A megabyte of most of these takes a few seconds; here a part of that, with room."""
    source = unit * (40_000 // len(unit))
    began = time.process_time()
    checked(source)
    assert time.process_time() - began < 1.5


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


def test_every_tag_and_class_is_used() -> None:
    html = "".join(map(to_html, ANSWERS)) + to_html("##### a\n\n### b")
    assert set(re.findall(r"<(\w+)", html)) == TAGS
    assert set(re.findall(r'class="([^"]*)"', html)) == CLASSES


def test_nothing_gives_nothing() -> None:
    assert to_html("") == to_html(" \n\n") == ""
