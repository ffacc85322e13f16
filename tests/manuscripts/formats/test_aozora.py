"""Aozora Bunko's marks."""

from __future__ import annotations

from tests.manuscripts.novels import body, headed, read

TEXT = """灯台
林遠

-------------------------------------------------------
【テキスト中に現れる記号について】

《》：ルビ
（例）渡船《わたしぶね》
-------------------------------------------------------

［＃３字下げ］第一章［＃「第一章」は大見出し］

　渡船《わたしぶね》は遅れて着いた。［＃「遅れて」に傍点］※［＃「てへん＋劣」、U+6318、153-12］った。
　岸の｜男たち《おとこたち》は何も言わなかった。

［＃改ページ］
［＃大見出し］第二章［＃大見出し終わり］

　彼女は壁に沿って灯りを数えた。

底本：「灯台」
"""


def test_headings_readings_and_notes():
    got = read(TEXT)
    assert (got.title, got.author, got.language) == ("灯台", "林遠", "ja")
    story = [chapter for chapter in headed(got) if chapter.kind == "chapter"]
    assert [chapter.number for chapter in story] == [1, 2]
    assert body(got, story[0]) == "渡船は遅れて着いた。挘った。\n\n岸の男たちは何も言わなかった。"
    assert not any(mark in got.text for mark in ("［＃", "《", "｜", "記号"))
