"""The HTML file: safe whatever the model wrote, and whole in itself."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from components.evidence import Index
from components.export import report_html, report_sections
from components.markdown.html import CLASSES, MARK_CLASSES, MARK_TAGS, TAGS
from components.plots.static_plots import PlotImage
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.export.hostile import HOSTILE, hostile
from tests.reports.desk import Desk, book
from tests.reports.earlier import begun_earlier

OURS = {"html", "head", "meta", "title", "style", "body", "nav", "main", "section", "h1", "dl"}
OURS |= {"dt", "dd", "figure", "figcaption", "img", "header", "details", "summary"}
ATTRIBUTES = {"class", "id", "href", "title", "start", "lang", "charset", "name", "content", "src"}
ATTRIBUTES |= {"tabindex"}  # of a table, which the keyboard moves sideways
ATTRIBUTES |= {"dir"}  # of a text whose language runs from right to left
ATTRIBUTES |= {"alt", "http-equiv", "role", "aria-label"}


@pytest.fixture
def scripted() -> ScriptedOllama:
    return hostile()


class Seen(HTMLParser):
    """All tags, in order, with what they say."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.headings: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "img", "br", "hr"}:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and re.fullmatch("h[1-6]", self.open[-1]):
            tag, said = self.headings[-1]
            self.headings[-1] = (tag, said + data)


@pytest.mark.parametrize("is_earlier", [False, True], ids=["findings", "earlier"])
def test_nothing_that_a_model_wrote_gets_out(desk: Desk, is_earlier: bool) -> None:
    begun = begun_earlier(desk.app, book()) if is_earlier else desk.begin(book())
    report = desk.finished(begun)
    assert report.is_complete
    assert (HOSTILE[:200] in report.final(report.lenses[0]).answer) is is_earlier
    assert "evil.example" in report.final(report.lenses[0]).answer
    title = '</title><script>alert("t")</script>\x00\u202e'
    report = replace(report, manuscript=replace(report.manuscript, title=title))
    picture = PlotImage('"><script>', b"", '<svg onload="x()"/>', 'A "line"><img src=x>')
    found = report_sections(report, Index(report.manuscript), pictures=[picture])
    html = report_html(found)
    seen = Seen(html)
    assert seen.open == []
    for tag, attributes in seen.tags:
        assert tag in TAGS | MARK_TAGS | OURS
        assert set(attributes) <= ATTRIBUTES
        href, src = attributes.get("href"), attributes.get("src")
        assert href is None or re.fullmatch(r"#s[0-9-]+", href)
        assert src is None or src.startswith("data:image/svg+xml;base64,")
    assert [said for tag, said in seen.headings if tag == "h1"] == [
        found.title.replace("\0", "\ufffd").replace("\u202e", "\ufffd")
    ]
    assert [said for tag, said in seen.headings if tag == "h2"] == [
        one.title for one in found.sections
    ]
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e]", html)
    ids = [attributes["id"] for _, attributes in seen.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = [one["href"] for _, one in seen.tags if "href" in one]
    assert {str(one)[1:] for one in named} <= set(ids)
    assert {"fr-missing", "fr-said"} <= {str(one.get("class")) for _, one in seen.tags}


@pytest.mark.parametrize(("language", "tag"), [("German", "de"), ("", None), ("Plain words", None)])
def test_what_a_model_wrote_is_in_the_language_it_was_told(
    desk: Desk, language: str, tag: str | None
) -> None:
    report = desk.finished(desk.begin(book(), language=language))
    tags = Seen(report_html(report_sections(report, Index(report.manuscript)))).tags
    ((first, page),) = [one for one in tags if one[0] == "html"]
    assert (first, page["lang"]) == ("html", "en")
    blocks = [one.get("lang") for name, one in tags if name == "div" and "class" not in one]
    told = sum(len(report.of(part)) for part in ("findings", "report"))
    assert blocks == [tag] * told
    said = [one.get("lang") for name, one in tags if one.get("class") == "fr-said"]
    assert said.count("en") == (len(said) if tag else 0)


def test_the_policy_names_the_style_and_nothing_else(desk: Desk) -> None:
    report = desk.finished(desk.begin(book(2)))
    html = report_html(report_sections(report, Index(report.manuscript)))
    style = html[html.index("<style>") + 7 : html.index("</style>")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(
        one["content"] for tag, one in Seen(html).tags if tag == "meta" and "http-equiv" in one
    )
    assert policy is not None
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:;")
    assert html.index("http-equiv") < html.index("<style>")
    assert "url(" not in style
    assert "@import" not in style
    named = set(re.findall(r"\.(fr-[a-z-]+)", style))
    assert named <= CLASSES | MARK_CLASSES
