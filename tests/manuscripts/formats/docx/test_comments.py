from __future__ import annotations

import random
from dataclasses import replace

import pytest
from docx.oxml.ns import qn
from lxml import etree

from components.errors import (
    DamagedFile,
    LimitReached,
    OtherManuscript,
    PasswordRequired,
    UnsupportedType,
)
from components.manuscripts import DEFAULT_LIMITS, MarginComment
from components.manuscripts.comment_in_sandbox import text_sha256
from components.manuscripts.formats.docx.comments import comment
from components.manuscripts.parse import parse
from tests.manuscripts.making_archives import archive, docx, p, r
from tests.manuscripts.word_comments import changed, covered, letters, parts, word_file

WRITTEN = {"word/document.xml", "word/comments.xml"}
LISTS = {"[Content_Types].xml", "word/_rels/document.xml.rels"}

DELETED = "<w:del w:id='7' w:author='A'><w:r><w:delText>deleted</w:delText></w:r></w:del>"
INSERTED = f"<w:ins w:id='8' w:author='A'>{r('put in here')}</w:ins>"
RUBY = (
    f"<w:r><w:ruby><w:rt>{r('kan')}</w:rt><w:rubyBase>{r('two words')}</w:rubyBase></w:ruby></w:r>"
)
BOX = (
    f"<w:r><w:pict><v:textbox><w:txbxContent>{p('In a box.')}</w:txbxContent></v:textbox></w:pict>"
    "</w:r>"
)
FORMULA = "<m:oMath xmlns:m='math'><m:r><m:t>a plus b</m:t></m:r></m:oMath>"
BOUND = (
    "<w:sdt><w:sdtPr><w:dataBinding/></w:sdtPr>"
    f"<w:sdtContent>{r('The Title')}</w:sdtContent></w:sdt>"
)
FIELD = (
    "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>REF x</w:instrText></w:r>"
    f"<w:r><w:fldChar w:fldCharType='separate'/></w:r>{r('chapter two')}"
    "<w:r><w:fldChar w:fldCharType='end'/></w:r>"
)
ROW = f"<w:tbl><w:tr><w:tc>{p('Left cell.')}</w:tc><w:tc>{p('Right cell.')}</w:tc></w:tr></w:tbl>"


def text_of(data: bytes) -> str:
    return parse(data, name="book.docx", password=None, limits=DEFAULT_LIMITS).text


def commented(
    data: bytes, *comments: MarginComment, limits=DEFAULT_LIMITS, text: str | None = None
):
    return comment(
        data,
        comments,
        text_hash=text_sha256(text_of(data) if text is None else text),
        author="First Reader",
        initials="FR",
        limits=limits,
    )


def on(text: str, words: str, said: str = "said") -> MarginComment:
    start = text.index(words)
    return MarginComment(start, start + len(words), said)


def check(data: bytes, comments: list[MarginComment]) -> dict[str, str]:
    """What comments cover, once it is sure that nothing else has changed."""
    after, left_out = commented(data, *comments)
    assert left_out == []
    assert text_of(after) == text_of(data)
    assert letters(after) == letters(data)
    assert changed(data, after) == WRITTEN | LISTS
    main = etree.fromstring(parts(after)["word/document.xml"])
    for each in main.iter(qn("w:t")):  # Word drops white space that is not marked so
        assert each.text == (each.text or "").strip() or each.get(qn("xml:space")) == "preserve"
    return covered(after)


@pytest.mark.parametrize(
    ("body", "words", "covers"),
    [
        (p("One two three."), "two", "two"),
        (p("One two three."), "One two three.", "One two three."),
        (p(r("One ") + r("two", "<w:b/>") + r(" three.")), "two", "two"),
        (p(r("One two", "<w:i/>") + r(" three four.", "<w:b/>")), "two three", "two three"),
        (p("<w:r><w:tab/><w:t>One</w:t><w:br/><w:t>two</w:t></w:r>"), "One\ntwo", "One two"),
        (p("<w:r><w:t>self</w:t><w:noBreakHyphen/><w:t>made man</w:t></w:r>"), "made", "made"),
        (p("<w:r><w:t>so\xadfter light</w:t></w:r>"), "softer", "so\xadfter"),
        (p("One.") + p("Two.") + p("Three four."), "One.\n\nTwo.\n\nThree", "One. Two. Three"),
        (p(f"<w:hyperlink>{r('a link here')}</w:hyperlink>" + r(" after")), "link", "link"),
        (p(r("Text ") + DELETED + INSERTED), "Text put", "Text put"),
        (p(r("Text ") + INSERTED + r(" end")), "in here end", "in here end"),
        (p(f"<w:sdt><w:sdtContent>{r('control text')}</w:sdtContent></w:sdt>"), "text", "text"),
        (p(r("By ") + BOUND), "Title", "The Title"),
        (p(r("Of ") + RUBY + r(" and")), "words and", "two words and"),
        (p(r("So ") + FORMULA + r(" is")), "plus", "a plus b"),
        (p(r("See ") + FIELD + r(".")), "chapter", "chapter"),
        (ROW, "cell.\n\nRight", "cell. Right"),
        (p(r("Half a"), properties="<w:rPr><w:del/></w:rPr>") + p(" line."), "a line", "a line"),
    ],
)
def test_a_comment_covers_its_words(body, words, covers):
    data = word_file(body)
    assert check(data, [on(text_of(data), words)]) == {"said": covers}


def test_white_space_at_the_ends_is_not_covered():
    data = word_file(p("One two three."))
    assert check(data, [MarginComment(3, 8, "said")]) == {"said": "two"}


def test_comments_overlap_and_touch():
    data = word_file(p(r("One two ") + r("three four", "<w:b/>") + r(" five.")))
    text = text_of(data)
    words = ["two three", "three four five", "three", "One two", "four", "o thr"]
    comments = [on(text, each, said=f"on {each}") for each in words]
    again = [replace(each, text=f"{each.text} again") for each in comments]
    after = check(data, comments + again)
    assert after == {f"on {each}{more}": each for each in words for more in ("", " again")}


@pytest.mark.parametrize("seed", range(20))
def test_any_comments_in_any_file(seed):
    """Runs cut anywhere, wrapped in anything; comments from any word to any other."""
    chance = random.Random(seed)
    wraps = [
        "{}", "{}", "<w:ins w:id='3'>{}</w:ins>", "<w:hyperlink>{}</w:hyperlink>",
        "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>", DELETED + "{}",
    ]  # fmt: skip
    looks = ["", "<w:b/>", "<w:b/><w:rPrChange w:id='5'><w:rPr/></w:rPrChange>"]
    number = iter(range(10_000))

    def run() -> str:
        words = " ".join(f"w{next(number)}" for _ in range(chance.randint(1, 4)))
        cut = chance.randint(0, len(words))
        inside = "".join(
            f"<w:t xml:space='preserve'>{each}</w:t>" for each in (words[:cut], words[cut:] + " ")
        )
        return f"<w:r><w:rPr>{chance.choice(looks)}</w:rPr>{inside}</w:r>"

    body = "".join(
        p("".join(chance.choice(wraps).format(run()) for _ in range(4))) for _ in range(5)
    )
    data = word_file(body)
    text = text_of(data)
    comments = []
    for at in range(15):
        start, end = sorted(chance.sample(range(len(text)), 2))
        if text[start:end].strip():
            comments.append(MarginComment(start, end, f"{at}"))
    assert check(data, comments) == {
        each.text: " ".join(text[each.start : each.end].split()) for each in comments
    }


def test_a_number_that_word_counts_is_not_in_the_file():
    numbering = (
        '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = p("1984", "Heading1", properties=listed) + p("Text.") + p("", "Heading1")
    data = docx(body, numbering=numbering)
    text = text_of(data)
    assert text == "1. 1984\n\nText."
    after, left_out = commented(data, on(text, "1. 1984"), on(text, "1."))
    assert left_out == [1]
    main = parts(after)["word/document.xml"].decode()
    assert main.index("commentRangeStart") < main.index("1984") < main.index("commentRangeEnd")


def test_what_has_no_place_is_said_and_the_file_stays():
    data = word_file(p(r("Text.") + BOX))
    text = text_of(data)
    none = [on(text, "a box"), MarginComment(3, 3, ""), MarginComment(4, 7, ""), on(text, "\n\n")]
    beyond = MarginComment(2, len(text) + 1, "")
    assert commented(data, *none[:2], none[3], beyond) == (data, [0, 1, 2, 3])
    after, left_out = commented(data, on(text, "Text"), none[0])
    assert (covered(after), left_out) == ({"said": "Text"}, [1])


def test_insertions_do_not_take_the_comment_with_them():
    data = word_file(p(r("Text ") + INSERTED))
    after, _ = commented(data, on(text_of(data), "put in"))
    main = etree.fromstring(parts(after)["word/document.xml"])
    (reference,) = main.iter(qn("w:commentReference"))
    assert next(reference.iterancestors(qn("w:ins")), None) is None


def test_own_comments_stay():
    data = word_file(p("One two three."))
    text = text_of(data)
    first, _ = commented(data, on(text, "One two", "the author's"))
    extended = archive(parts(first) | {"word/commentsExtended.xml": b"<more/>"})
    after, _ = commented(extended, on(text, "two three", "ours"))
    assert covered(after) == {"the author's": "One two", "ours": "two three"}
    assert changed(extended, after) == WRITTEN


@pytest.mark.parametrize("names", ["", "/strict"])
def test_a_file_without_comments_gets_a_part_for_them(names):
    data = docx(p("One two."))
    if names:
        strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
        body = f'<w:document xmlns:w="{strict}"><w:body>{p("One two.")}</w:body></w:document>'
        data = archive(parts(data) | {"word/document.xml": body})
    after, _ = commented(data, on("One two.", "two"))
    assert changed(data, after) == WRITTEN | LISTS
    again, _ = commented(after, on("One two.", "One"))
    assert changed(after, again) == WRITTEN
    assert again.count(b"word/comments.xml") == 2  # in its own place and in the list


def test_lines_and_signs_of_a_comment():
    data = word_file(p("One two."))
    said = "First <line> & 'more'\nsecond “line”"
    assert check(data, [on("One two.", "One", said)]) == {said: "One"}


def test_another_text():
    data = word_file(p("One two three."))
    with pytest.raises(OtherManuscript):
        commented(data, on("One two", "two"), text="One two")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"Only a text.", UnsupportedType),
        (archive({"word/document.xml": b"<a/>", "[Content_Types].xml": b"<a/>"}), UnsupportedType),
        (word_file(p("Words."))[:900], DamagedFile),
    ],
)
def test_what_is_no_word_file(data, error):
    with pytest.raises(error):
        commented(data, MarginComment(0, 1, ""), text="")


def test_pictures_are_copied_however_large():
    """The reader unpacks no pictures, so that its limits are not for them."""
    picture = {"word/media/a.bmp": b"picture" * 100_000}
    data = archive(parts(word_file(p("Words."))) | picture)
    tight = replace(DEFAULT_LIMITS, part_bytes=20_000, archive_bytes=50_000)
    after, _ = commented(data, on("Words.", "Words"), limits=tight)
    assert parts(after)["word/media/a.bmp"] == picture["word/media/a.bmp"]
    small = replace(tight, memory_bytes=100_000)
    with pytest.raises(LimitReached):
        commented(data, on("Words.", "Words"), limits=small)


def test_a_locked_file(shared):
    locked = (shared / "hostile" / "docx_password.docx").read_bytes()
    with pytest.raises(PasswordRequired):
        commented(locked, text="")
