from __future__ import annotations

from components.manuscripts import sample


def test_sample_is_a_title_a_heading_and_a_chapter():
    name, data = sample()
    lines = [line for line in data.decode().split("\n") if line]
    assert name == "the-time-machine-1.txt"
    assert [lines[0].title(), *lines[1:3]] == ["The Time Machine", "by H. G. Wells", "1"]
    assert lines[-1].endswith("he winked at me solemnly.")
    assert b"\r" not in data
