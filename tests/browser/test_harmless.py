"""What a model writes is shown, and does nothing: no request, no script, no link to follow."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.app_process import overheard, serving
from tests.doubles.scripted_ollama import Done, Say, ScriptedOllama
from tests.scripting import playing


class Canary(ThreadingHTTPServer):
    """A host that must never be asked for anything."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        canary = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                canary.asked.append(self.path)
                self.send_response(200 if self.path == "/page" else 204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server_address[1]}"


@pytest.fixture
def canary() -> Iterator[Canary]:
    with Canary() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def harm(url: str) -> str:
    return f"""## A heading

![a picture]({url}/picture.png?text=secret) and [a link]({url}/link) and <{url}/auto>
and {url}/bare and ![reference][r]

[r]: {url}/reference.png

<img src="{url}/html.png" onerror="window.harmed = 1"><script>window.harmed = 2</script>
<iframe src="{url}/frame"></iframe><style>@import url({url}/style.css)</style>
<a href="javascript:window.harmed=3">click</a>

:material/home: :red[not red] $x^2$

| a ![t]({url}/table.png) | b |
|---|---|
| [c]({url}/cell) | d |

The last words.
"""


def test_model_output_makes_no_request_and_runs_nothing(
    new_page: Callable[..., Page], chromium: Browser, canary: Canary
) -> None:
    tokens = [Say(piece) for piece in harm(canary.url).split(" ")]
    spaced = [Say(step.text + " ") for step in tokens]
    with playing(ScriptedOllama([*spaced, Done()])) as ollama, serving(ollama.url) as url:
        page = new_page()
        page.goto(url)
        page.get_by_text("Try its first chapter").click()
        page.get_by_role("button", name="Analyse").click()
        expect(page.get_by_text("The last words.")).to_be_visible()
        expect(page.locator(".fr-stage")).to_contain_text("Finished")

        answer = page.locator(".fr-analysis")
        assert answer.locator("img, a, script, iframe, style, svg, form, object").count() == 0
        assert page.evaluate("window.harmed") is None
        text = "\n".join(answer.all_inner_texts())
        assert ":red[not red]" in text
        assert "$x^2$" in text
        assert "window.harmed = 2" in text  # shown as text, all of it

        # And if a picture did get through, the policy would stop it.
        context = chromium.new_context()
        other = context.new_page()
        other.goto(url)
        refused = other.evaluate(
            """url => new Promise(resolve => {
                document.addEventListener('securitypolicyviolation', e => resolve(e.blockedURI));
                new Image().src = url + '/forced.png';
            })""",
            canary.url,
        )
        assert refused.startswith(canary.url)
        context.close()
    assert canary.asked == []


def test_it_works_as_localhost_and_lets_no_page_of_another_port_in(
    new_page: Callable[..., Page], chromium: Browser, canary: Canary, tmp_path: Path
) -> None:
    with (
        playing(ScriptedOllama()) as ollama,
        overheard(tmp_path) as environ,
        serving(ollama.url, **environ) as url,
    ):
        page = new_page()
        page.goto(url.replace("127.0.0.1", "localhost"))
        file = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"The lamp was out.\n"}
        page.locator('input[type="file"]').set_input_files([file])
        expect(page.get_by_role("button", name="Analyse", exact=True)).to_be_visible()

        context = chromium.new_context()
        other = context.new_page()
        other.goto(f"{canary.url}/page")
        became = other.evaluate(
            """url => new Promise(resolve => {
                const socket = new WebSocket(url, ["streamlit"]);
                socket.onopen = () => resolve("open");
                socket.onerror = () => resolve("refused");
            })""",
            url.replace("http", "ws") + "/_stcore/stream",
        )
        context.close()
        assert became == "refused"
