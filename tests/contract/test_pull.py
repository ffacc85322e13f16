"""Models fetched by a real Ollama from a scripted registry, through the app's own pulls."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.application import Application, Pull, PullState, application, close_application
from components.engine import Details, PullProgress
from components.engine.private import Folder, OllamaProcess
from components.errors import (
    ConnectionLost,
    FirstReaderError,
    OllamaUnavailable,
    PullFailed,
    PullLost,
    UnknownModel,
)
from components.settings import PROJECT
from tests.environment import in_ci
from tests.registry import MEGABYTE, Registry, serving_models, weights
from tests.waiting import LONG, until

FIRST, SECOND = weights(4 * MEGABYTE, seed=1), weights(3 * MEGABYTE, seed=2)


@pytest.fixture
def registry() -> Iterator[Registry]:
    with serving_models() as registry:
        yield registry


@pytest.fixture
def app(empty_ollama: OllamaProcess, monkeypatch: pytest.MonkeyPatch) -> Iterator[Application]:
    """The process's application on the empty Ollama."""
    monkeypatch.setenv("OLLAMA_HOST", empty_ollama.url)
    app = application()
    assert app.wait_connected(LONG)
    yield app
    close_application()


class Shown:
    """Everything that a page could have shown of the pulls: each step of their progress."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps: list[tuple[int, int, float]] = []
        self.digests: set[str] = set()
        add = PullProgress.add

        def adding(progress: PullProgress, line: dict[str, object], *, at: float) -> None:
            add(progress, line, at=at)
            self.steps.append((progress.completed, progress.total, progress.share))
            self.digests |= {str(line["digest"])} if "digest" in line else set()

        monkeypatch.setattr(PullProgress, "add", adding)

    def assert_never_stepped_back(self) -> None:
        assert len(self.steps) > 1
        for figures in zip(*self.steps, strict=True):
            assert list(figures) == sorted(figures)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    return Shown(monkeypatch)


def only(app: Application) -> Pull:
    (pull,) = app.pulls.all()
    return pull


def arrived(app: Application, digest: str) -> int:
    """The bytes of one layer that are shown to be there; a quick one may never be told of."""
    return only(app).progress._layers.get(digest, (0, 0))[0]


def begun(app: Application, model: str) -> None:
    app.pulls.start(app.host().url, model)


def ended(app: Application, state: PullState) -> Pull:
    until(lambda: only(app).state is not PullState.RUNNING)
    pull = only(app)
    assert pull.state is state, pull.error
    return pull


def failed(app: Application, model: str) -> FirstReaderError:
    begun(app, model)
    error = ended(app, PullState.FAILED).error
    assert error is not None
    said = f"{error} {error.advice}"
    assert "sha256" not in said, "an editor is told no digests"
    assert said.count(".") >= 2
    return error


def names(app: Application) -> list[str]:
    return [model.name for model in app.models()[0]]


def test_a_model_is_fetched_and_can_be_used(
    app: Application, registry: Registry, shown: Shown
) -> None:
    first, second, *_ = registry.add([FIRST, SECOND])
    registry.hold(first, 2_500_000)
    begun(app, registry.name())
    registry.wait_held(first)
    until(lambda: only(app).progress.completed == 2_500_000)
    assert only(app).progress.share == pytest.approx(0.9 * 2_500_000 / 4_000_000)
    assert names(app) == []
    registry.hold(second, 1_000_000)
    registry.let_go(first)
    registry.wait_held(second)
    until(lambda: only(app).progress.total == 7_000_000)
    until(lambda: only(app).progress.completed == 5_000_000)
    registry.let_go()
    pull = ended(app, PullState.DONE)
    assert pull.progress.share == 1.0
    shown.assert_never_stepped_back()
    assert {first, second} <= shown.digests
    (model,) = app.models()[0]
    assert (model.name, model.family, model.context_length) == (registry.name(), "llama", 4096)
    assert isinstance(app.details(model), Details)
    assert registry.sent(first) == len(FIRST)
    assert registry.sent(second) == len(SECOND)


def test_cancel_ends_the_transfer_and_going_on_fetches_only_the_rest(
    app: Application, registry: Registry, shown: Shown
) -> None:
    first, second, *_ = registry.add([FIRST, SECOND])
    registry.hold(second, 1_200_000)
    begun(app, registry.name())
    registry.wait_held(second)
    until(lambda: arrived(app, second) == 1_200_000)
    app.pulls.cancel(app.host().url, registry.name())
    ended(app, PullState.CANCELED)
    assert registry.gone.wait(LONG), "the server went on fetching what nobody wanted any more"
    assert names(app) == []
    before = only(app).progress.share
    registry.let_go()
    begun(app, registry.name())
    assert only(app).progress.share >= before
    ended(app, PullState.DONE)
    starts = [(one.digest, one.start) for one in registry.fetches]
    assert starts[:3] == [(first, 0), (second, 0), (second, 1_200_000)]
    assert (registry.sent(first), registry.sent(second)) == (len(FIRST), len(SECOND))
    assert names(app) == [registry.name()]


def test_cancel_and_go_on_in_quick_succession(app: Application, registry: Registry) -> None:
    first, *_ = registry.add([FIRST])
    registry.hold(first, 2_000_000)
    for _ in range(5):
        begun(app, registry.name())
        until(lambda: only(app).progress.completed == 2_000_000)
        app.pulls.cancel(app.host().url, registry.name())
        ended(app, PullState.CANCELED)
    registry.let_go()
    begun(app, registry.name())
    ended(app, PullState.DONE)
    assert registry.sent(first) == len(FIRST)


def test_another_start_of_the_app_goes_on_where_the_last_was_closed(
    app: Application, registry: Registry
) -> None:
    first, *_ = registry.add([FIRST])
    registry.hold(first, 3_000_000)
    begun(app, registry.name())
    until(lambda: only(app).progress.completed == 3_000_000)
    close_application()
    assert registry.gone.wait(LONG)
    registry.let_go()
    again = application()
    assert again.wait_connected(LONG)
    begun(again, registry.name())
    ended(again, PullState.DONE)
    assert [one.start for one in registry.fetches if one.digest == first] == [0, 3_000_000]


def test_a_connection_that_breaks_is_taken_up_again(
    app: Application, registry: Registry, shown: Shown
) -> None:
    first, *_ = registry.add([FIRST, SECOND])
    registry.cut(first, 1_000_000)
    registry.hold(first, 3_000_000)
    begun(app, registry.name())
    registry.wait_held(first)
    until(lambda: only(app).progress.completed == 3_000_000)
    registry.let_go()
    ended(app, PullState.DONE)
    assert [one.start for one in registry.fetches if one.digest == first] == [0, 1_000_000]
    shown.assert_never_stepped_back()


def test_a_registry_that_fails_in_the_middle(app: Application, registry: Registry) -> None:
    first, second, *_ = registry.add([FIRST, SECOND])
    registry.refuse(second, 500)
    error = failed(app, registry.name())
    assert type(error) is PullFailed
    assert "HTTP status 500" in str(error)
    assert "what was fetched is kept" in error.advice
    registry.refuse(second, 0)
    begun(app, registry.name())
    ended(app, PullState.DONE)
    assert registry.sent(first) == len(FIRST), "what was there was fetched again"


def test_a_registry_that_has_gone(app: Application) -> None:
    with serving_models() as registry:
        name = registry.name()
    error = failed(app, name)
    assert type(error) is PullFailed
    assert "cannot reach the model registry" in str(error)


def test_an_ollama_that_goes_away_in_the_middle(
    app: Application, registry: Registry, empty_ollama: OllamaProcess
) -> None:
    first, *_ = registry.add([FIRST])
    registry.hold(first, 1_000_000)
    begun(app, registry.name())
    until(lambda: only(app).progress.completed == 1_000_000)
    empty_ollama.stop()
    error = ended(app, PullState.FAILED).error
    assert isinstance(error, ConnectionLost | OllamaUnavailable)
    assert "go on" in error.advice


def test_a_model_that_the_registry_has_not(app: Application, registry: Registry) -> None:
    error = failed(app, registry.name("unicorn:1b"))
    assert type(error) is UnknownModel
    assert registry.name("unicorn:1b") in str(error)


def test_a_part_that_the_registry_lacks_is_no_unknown_model(
    app: Application, registry: Registry
) -> None:
    _, second, *_ = registry.add([FIRST, SECOND])
    registry.refuse(second, 404)
    error = failed(app, registry.name())
    assert type(error) is PullFailed
    assert "lacks a part" in str(error)


@pytest.mark.parametrize(
    ("status", "said"),
    [(401, "everybody"), (403, "everybody"), (412, "newer Ollama"), (503, "503")],
)
def test_a_registry_that_refuses(
    app: Application, registry: Registry, status: int, said: str
) -> None:
    registry.add([FIRST])
    registry.refuse("manifests", status)
    error = failed(app, registry.name())
    assert type(error) is PullFailed
    assert said in str(error)


def test_bytes_that_are_not_those_promised(app: Application, registry: Registry) -> None:
    first, second, *_ = registry.add([FIRST, SECOND])
    right = registry.spoil(second)
    error = failed(app, registry.name())
    assert type(error) is PullLost
    assert "checksum" in str(error)
    assert names(app) == []
    registry.blobs[second] = right
    begun(app, registry.name())
    ended(app, PullState.DONE)
    assert (registry.sent(first), registry.sent(second)) == (len(FIRST), 2 * len(SECOND))
    assert names(app) == [registry.name()]


def test_what_ollama_cannot_read_of_an_earlier_try(
    app: Application, registry: Registry, tmp_path: Path
) -> None:
    first, *_ = registry.add([FIRST])
    registry.hold(first, 1_000_000)
    begun(app, registry.name())
    until(lambda: only(app).progress.completed == 1_000_000)
    app.pulls.cancel(app.host().url, registry.name())
    ended(app, PullState.CANCELED)
    assert registry.gone.wait(LONG)
    registry.let_go()
    blobs = Folder(tmp_path / "ollama").models / "blobs"
    (described,) = blobs.glob("*-partial-0")
    until(lambda: '"Completed":1000000' in described.read_text(encoding="utf-8"))
    described.write_bytes(b"")  # As it is left where the disk was full.
    assert "cannot read" in str(failed(app, registry.name()))
    for part in blobs.glob("*partial*"):  # As the advice says.
        part.unlink()
    begun(app, registry.name())
    ended(app, PullState.DONE)


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    """Mount a disk of `size` bytes at `folder` while inside; skips where that is not allowed."""
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this user may not mount a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


class TestAFullDisk:
    @pytest.fixture
    def disk(self, tmp_path: Path) -> Iterator[None]:
        """A disk of six megabytes below the models of the Ollama that is then started."""
        with small_disk(Folder(tmp_path / "ollama").models, 6 * 1024 * 1024):
            yield

    @pytest.fixture
    def small(self, disk: None, request: pytest.FixtureRequest) -> Application:
        return request.getfixturevalue("app")

    @pytest.mark.ollama  # Its fixture asks for the server by name, unseen by the marking.
    def test_room_is_made_as_advised_and_it_goes_on(
        self, small: Application, registry: Registry, shown: Shown
    ) -> None:
        old, new = registry.name("minnow:1b"), registry.name()
        registry.add([SECOND], "minnow:1b")
        first, second, *_ = registry.add([weights(MEGABYTE, seed=3), FIRST])
        begun(small, old)
        ended(small, PullState.DONE)
        small.pulls.dismiss(small.host().url, old)
        shown.steps.clear()
        registry.hold(second, MEGABYTE)
        begun(small, new)
        until(lambda: arrived(small, second) == MEGABYTE)
        registry.let_go()
        error = ended(small, PullState.FAILED).error
        assert isinstance(error, PullLost)
        assert str(error) == "The disk of the Ollama server is full."
        assert "deleting a model" in error.advice
        shown.assert_never_stepped_back()
        small.manage(small.host().url, lambda its: its.delete(old)).result()
        begun(small, new)
        ended(small, PullState.DONE)
        assert names(small) == [new]
        assert registry.sent(first) == MEGABYTE, "what was complete was fetched again"
        assert [one.start for one in registry.fetches if one.digest == second] == [0, 0]

    def test_a_device_that_is_full(
        self, app: Application, registry: Registry, tmp_path: Path
    ) -> None:
        """The same without the right to mount: the kernel's own full device below one blob."""
        device = Path("/dev/full")
        if not device.exists():
            assert not in_ci(), "CI needs one of the two full disks"
            pytest.skip("this system has no device that is always full")
        first, *_ = registry.add([FIRST])
        blobs = Folder(tmp_path / "ollama").models / "blobs"
        blobs.mkdir(parents=True, exist_ok=True)
        part = blobs / f"{first.replace(':', '-')}-partial"
        part.symlink_to(device)
        error = failed(app, registry.name())
        assert type(error) is PullLost
        assert "disk of the Ollama server is full" in str(error)
        part.unlink()
        begun(app, registry.name())
        ended(app, PullState.DONE)
        assert names(app) == [registry.name()]


class TestOnThePage:
    @pytest.fixture
    def page(self, app: Application) -> AppTest:
        page = AppTest.from_file(str(PROJECT / "streamlit_app.py"), default_timeout=30).run()
        page.switch_page("pages/models.py").run()
        assert not page.exception
        return page

    @pytest.fixture
    def asked(self, page: AppTest) -> Callable[[str], AppTest]:
        def ask(name: str) -> AppTest:
            page.text_input(key="pull-name").set_value(name)
            next(
                one
                for one in page.button
                if one.label == "Get it" and not str(one.key).startswith("get-")
            ).click()
            page.run()
            assert not page.exception
            return page

        return ask

    def test_pulled_canceled_gone_on_with_and_listed(
        self, app: Application, registry: Registry, asked: Callable[[str], AppTest]
    ) -> None:
        name = registry.name()
        first, *_ = registry.add([FIRST, SECOND])
        registry.hold(first, 3_000_000)
        page = asked(name)
        until(lambda: only(app).progress.completed == 3_000_000)
        page.run()
        assert "3 MB of 4 MB" in page.get("progress")[0].proto.text
        page.button(key=f"cancel-{app.host().url}-{name}").click().run()
        ended(app, PullState.CANCELED)
        page.run()
        assert "What was fetched is kept" in page.info[0].value
        registry.let_go()
        page.button(key=f"resume-{app.host().url}-{name}").click().run()
        ended(app, PullState.DONE)
        page.run()
        assert "is here" in page.success[0].value
        assert name in {one.value.replace("\\", "") for one in page.header}

    def test_an_unknown_model_is_said(
        self, app: Application, registry: Registry, asked: Callable[[str], AppTest]
    ) -> None:
        page = asked(registry.name("unicorn:1b"))
        ended(app, PullState.FAILED)
        page.run()
        assert "has no model" in page.error[0].value
        assert "Check the name" in page.error[0].value
