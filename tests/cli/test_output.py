"""The line on standard error: in its place on a terminal, few lines elsewhere."""

from __future__ import annotations

import io
import os
import pty
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from components.cli import output
from components.cli.output import StatusLine, note, out, status_line


class Terminal(io.StringIO):
    """A terminal, and what is written to it."""

    def isatty(self) -> bool:
        return True

    @property
    def screen(self) -> list[str]:
        """The lines as they stand on it."""
        lines = []
        for line in self.getvalue().split("\n"):
            shown = ""
            for part in line.split("\r"):
                cleared = part.endswith("\x1b[K")
                text = part.removesuffix("\x1b[K") if cleared else part
                if cleared and not text:
                    shown = ""
                elif "\x1b[K" in text:
                    shown = text.split("\x1b[K")[-1]
                else:
                    shown = text if cleared else text + shown[len(text) :]
            lines.append(shown)
        return lines


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(output.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    written = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    # Not in `sys` itself: pytest puts its own there between a fixture and its test.
    monkeypatch.setattr(output, "sys", SimpleNamespace(stderr=written, stdout=io.StringIO()))
    yield written
    status_line.clear()


class TestOnATerminal:
    def test_it_is_written_again_in_its_place(self, terminal: Terminal, clock: list[float]) -> None:
        for seconds in range(3):
            status_line.show("reading", lambda: f"reading, {seconds} s")  # noqa: B023
            clock[0] += 1.0
        assert terminal.screen == ["reading, 2 s"]
        status_line.show("writing", lambda: "writing")
        assert terminal.screen == ["writing"]

    def test_it_is_not_written_more_than_once_a_second(
        self, terminal: Terminal, clock: list[float]
    ) -> None:
        line = StatusLine()
        line.show("reading", lambda: "first")
        clock[0] += 0.9
        line.show("reading", lambda: pytest.fail("nobody reads so fast"))
        clock[0] += 0.2
        line.show("reading", lambda: "second")
        assert terminal.screen == ["second"]

    def test_what_is_noted_stands_above_it(self, terminal: Terminal) -> None:
        status_line.show("reading", lambda: "a long line that says what is read")
        note("1 of 2 done")
        status_line.show("reading", lambda: "again")
        assert terminal.screen == ["[1 of 2 done]", "again"]

    def test_it_gives_way_to_text_on_the_same_terminal(self, terminal: Terminal) -> None:
        output.sys.stdout = terminal
        status_line.show("writing", lambda: "thinking, 300 tokens")
        out("Once upon a time", end="")
        out(" there was", end="")
        assert terminal.screen == ["Once upon a time there was"]

    def test_it_leaves_text_in_a_file_alone(self, terminal: Terminal) -> None:
        status_line.show("writing", lambda: "writing")
        out("Once")
        assert output.sys.stdout.getvalue() == "Once\n"  # type: ignore[attr-defined]
        assert terminal.screen == ["writing"]

    def test_it_is_cleared(self, terminal: Terminal) -> None:
        status_line.show("reading", lambda: "reading")
        status_line.clear()
        assert terminal.screen == [""]
        before = terminal.getvalue()
        status_line.clear()
        assert terminal.getvalue() == before

    @pytest.mark.parametrize("text", ["x" * 200, "\u4e2d" * 100, "e\u0301" * 150])
    def test_it_is_no_longer_than_the_terminal_is_wide(
        self, monkeypatch: pytest.MonkeyPatch, text: str
    ) -> None:
        monkeypatch.setattr(output, "_width", lambda: 40)
        shown = output._cut(text, 39)
        assert shown.endswith("…")
        assert 38 <= sum(map(output._columns, shown)) <= 39
        assert output._cut("short", 39) == "short"

    def test_a_heading_gives_it_no_orders(self, terminal: Terminal) -> None:
        status_line.show("reading", lambda: "Chapter \x1b]0;owned\x07 1\nand more")
        note("Chapter \x1b[2J 2")
        assert terminal.getvalue().count("\x1b") == terminal.getvalue().count("\x1b[K")
        assert "\x07" not in terminal.getvalue()

    def test_its_width_is_the_terminals(self, monkeypatch: pytest.MonkeyPatch) -> None:
        ours, theirs = pty.openpty()
        with os.fdopen(theirs, "w") as stream:
            monkeypatch.setattr("sys.stderr", stream)
            assert output._width() == 80  # A terminal that does not say.
            os.set_blocking(ours, False)
        os.close(ours)


class TestElsewhere:
    def test_lines_come_with_stages_and_once_a_minute(
        self, clock: list[float], capsys: pytest.CaptureFixture[str]
    ) -> None:
        line = StatusLine()
        for second in range(150):
            stage = "reading" if second < 130 else "writing"
            line.show(stage, lambda: f"{stage}, {second} s")  # noqa: B023
            clock[0] += 1.0
        lines = capsys.readouterr().err.splitlines()
        assert lines == [
            "[reading, 0 s]",
            "[reading, 60 s]",
            "[reading, 120 s]",
            "[writing, 130 s]",
        ]

    def test_a_dumb_terminal_is_no_terminal(
        self, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TERM", "dumb")
        StatusLine().show("reading", lambda: "reading")
        assert terminal.getvalue() == "[reading]\n"
