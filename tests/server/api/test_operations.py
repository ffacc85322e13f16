"""A manuscript is sent, watched, stopped and listed by programs, as on the page."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from components.store import Store
from tests.browser.app_process import process_serving, serving
from tests.doubles.scripted_ollama import MODEL, Done, Hold, Refuse, Say, ScriptedOllama
from tests.scripting import playing
from tests.server.api.asking import (
    NOVEL,
    client,
    events,
    is_problem,
    polled,
    submitted,
    token_in,
)
from tests.waiting import until


def hold(ollama: ScriptedOllama) -> None:
    """Have the next answer wait after its first word, until `let_go`."""
    ollama.answers.append((Say("Once"), Hold(), Say(" more"), Done()))
    ollama.closed.clear()


def test_a_manuscript_is_analysed_and_its_status_says_what_ollama_said(
    asking: httpx.Client, ollama: ScriptedOllama
) -> None:
    answer = asking.post(
        "/analyze",
        files=NOVEL,
        data={"prompt": "Who waved?", "options": '{"temperature": 0.5, "num_predict": 9}'},
    )
    assert answer.status_code == 202
    begun = answer.json()
    assert begun["status"] == "processing"
    assert begun["result"] is begun["error"] is None
    assert answer.headers["location"] == f"/status/{begun['jobId']}"
    job = polled(asking, begun["jobId"])
    assert (job["status"], job["state"], job["error"]) == ("completed", "done", None)
    result = job["result"]
    assert result["response"] == "Hello"
    assert (result["done_reason"], result["eval_count"], result["model"]) == ("stop", 1, MODEL)
    sent = [body for path, body in ollama.requests if body.get("messages")][-1]
    assert "Nobody waved." in sent["messages"][-1]["content"]
    assert sent["messages"][-1]["content"].endswith("Who waved?")
    assert (sent["options"]["temperature"], sent["options"]["num_predict"]) == (0.5, 9)
    assert sent["truncate"] is False


def test_only_the_chapters_of_the_scope_are_sent(
    asking: httpx.Client, ollama: ScriptedOllama
) -> None:
    job = polled(asking, submitted(asking, scope="2", lens="structure"))
    assert job["status"] == "completed"
    assert job["scope"] == "Chapter 2"
    sent = [body for path, body in ollama.requests if body.get("messages")][-1]
    assert "Nobody waved." in sent["messages"][-1]["content"]
    assert "sailed" not in sent["messages"][-1]["content"]


def test_what_is_sent_is_in_the_library(asking: httpx.Client, data: Path) -> None:
    job_id = submitted(asking)
    polled(asking, job_id)
    (kept,) = asking.get("/manuscripts").json()["manuscripts"]  # The same text is kept once.
    store = Store(data / "first-reader.sqlite")
    assert kept["id"] == store.shelf().analyses.get(job_id).question.manuscript_id
    assert kept["words"] == store.shelf().manuscripts.get(kept["id"]).words
    store.close()


def test_models_are_listed(asking: httpx.Client) -> None:
    (model,) = asking.get("/models").json()["models"]
    assert model["name"] == MODEL
    assert model["writes"]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"model": "unicorn:1b"}, "ModelNotFound"),
        ({"model": ""}, "ModelNotFound"),
        ({"lens": "unicorn"}, "UnknownLens"),
        ({"lens": "structure", "prompt": "Who?"}, "SettingsError"),
        ({"prompt": "  "}, "SettingsError"),
        ({"options": '{"temperature": "hot"}'}, "SettingsError"),
        ({"options": '{"heat": 1}'}, "SettingsError"),
        ({"options": "[1]"}, "Refused"),
        ({"options": "[" * 200_000}, "Refused"),
        ({"scope": "3"}, "SettingsError"),
        ({"scope": "1-999999999999"}, "SettingsError"),
        ({"scope": "2-1"}, "SettingsError"),
        ({"scope": ""}, "Refused"),
        ({"novels": "x"}, "Refused"),
    ],
)
def test_what_cannot_be_understood_is_refused(
    asking: httpx.Client, fields: dict[str, str], kind: str
) -> None:
    assert is_problem(asking.post("/analyze", files=NOVEL, data=fields), 422)["kind"] == kind


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({"novel": ("empty.txt", b"")}, 422),
        ({"novel": ("a.bin", bytes(range(256)) * 40)}, 415),
        ({"novel": (None, "not a file")}, 422),
        ({"other": ("ship.txt", b"x")}, 422),
        ([("novel", ("a.txt", b"x")), ("novel", ("b.txt", b"x"))], 400),
        ([("prompt", (None, "a")), ("prompt", (None, "b")), ("novel", ("a.txt", b"x"))], 422),
        ({"prompt": (None, "x" * 300_000), "novel": ("a.txt", b"x")}, 400),
    ],
)
def test_what_is_no_manuscript_is_refused(asking: httpx.Client, files: object, status: int) -> None:
    is_problem(asking.post("/analyze", files=files), status)  # type: ignore[arg-type]


def test_what_is_no_form_is_refused(asking: httpx.Client) -> None:
    is_problem(asking.post("/analyze", content=b"x"), 415)
    is_problem(asking.post("/analyze", content=b"{}", headers={"Content-Type": "text/json"}), 415)
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    is_problem(asking.post("/analyze", content=b"--y\r\n\r\n", headers=broken), 400)
    is_problem(
        asking.post("/analyze", content=b"x", headers={"Content-Type": "multipart/form-data"}), 400
    )


def test_a_text_that_is_too_long_is_refused_with_the_numbers_of_the_server(
    asking: httpx.Client, ollama: ScriptedOllama
) -> None:
    error = {"type": "exceed_context_size_error", "n_prompt_tokens": 9000, "n_ctx": 8192}
    refusal = Refuse(400, {"error": json.dumps({"error": {"code": 400, **error}})})
    ollama.answers += [(refusal,)] * 3
    job = polled(asking, submitted(asking))
    ollama.answers.clear()
    assert (job["status"], job["state"]) == ("error", "failed")
    assert job["error"]["kind"] == "ContextExceeded"
    assert job["error"]["status"] == 422
    assert job["error"]["needed"] == 9000
    assert job["error"]["available"] == 8192
    assert job["result"]["response"] == ""


def test_a_stop_closes_the_connection_to_ollama(
    asking: httpx.Client, ollama: ScriptedOllama
) -> None:
    hold(ollama)
    job_id = submitted(asking)
    until(lambda: ollama.generating == 1)
    assert asking.delete(f"/jobs/{job_id}").status_code == 202
    until(lambda: ollama.closed.is_set() and not ollama.generating)
    job = polled(asking, job_id)
    assert (job["status"], job["state"]) == ("error", "stopped")
    assert job["error"]["title"] == "Stopped"
    assert asking.delete(f"/jobs/{job_id}").status_code == 200


def test_events_stream_and_go_on_from_any_number(
    asking: httpx.Client, ollama: ScriptedOllama
) -> None:
    hold(ollama)
    job_id = submitted(asking)
    seen = []
    with asking.stream("GET", f"/jobs/{job_id}/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for event in events(answer.iter_lines()):
            seen.append(event)
            if event[1] == "text" and "Once" in event[2]["text"]:
                ollama.let_go()  # Only now: the word came before the answer's end.
    numbers = [number for number, _, _ in seen]
    assert numbers == list(range(1, len(seen) + 1))
    assert "".join(data["text"] for _, kind, data in seen if kind == "text") == "Once more"
    states = [data["state"] for _, kind, data in seen if kind == "state"]
    assert states == ["queued", "contacting", "loading", "reading", "writing", "done"]
    (figures,) = [data for _, kind, data in seen if kind == "figures"]
    assert figures["done_reason"] == "stop"
    half = numbers[len(numbers) // 2]
    for query, headers in (
        ({"after": str(half)}, {}),
        ({}, {"Last-Event-ID": str(half)}),
        ({"after": "0"}, {"Last-Event-ID": str(half)}),  # A browser sends its first address.
    ):
        with asking.stream(
            "GET", f"/jobs/{job_id}/events", params=query, headers=headers
        ) as answer:
            assert list(events(answer.iter_lines())) == seen[half:]
    end = {"after": str(numbers[-1])}
    assert asking.get(f"/jobs/{job_id}/events", params=end).status_code == 204
    for wrong in ("-1", "x", "9" * 30, "1.5", "²"):
        is_problem(asking.get(f"/jobs/{job_id}/events", params={"after": wrong}), 422)


def test_an_id_that_is_not_known_is_not_found(asking: httpx.Client) -> None:
    kept = submitted(asking)
    polled(asking, kept)
    manuscript = asking.get("/manuscripts").json()["manuscripts"][0]["id"]
    for job_id in ("x", manuscript, kept[:-1], "~", "a%2Fb", "x" * 5000, "%F0%9F%98%80"):
        is_problem(asking.get(f"/status/{job_id}"), 404)
        is_problem(asking.delete(f"/jobs/{job_id}"), 404)
        is_problem(asking.get(f"/jobs/{job_id}/events"), 404)


def test_a_killed_server_takes_the_analysis_up_again(tmp_path: Path) -> None:
    with playing(ScriptedOllama(answers=[(Say("Once"), Hold())])) as ollama:
        with process_serving(ollama.url, FIRST_READER_DATA_DIR=str(tmp_path)) as (address, process):
            token = token_in(tmp_path)
            with client(address, token) as asking:
                job_id = submitted(asking)
                with asking.stream("GET", f"/jobs/{job_id}/events") as answer:
                    kinds = events(answer.iter_lines())
                    last = next(number for number, kind, _ in kinds if kind == "text")
                    process.kill()
                    process.wait()
        with (
            serving(ollama.url, FIRST_READER_DATA_DIR=str(tmp_path)) as address,
            client(address, token) as asking,
        ):
            job = polled(asking, job_id)
            after = {"Last-Event-ID": str(last)}
            with asking.stream("GET", f"/jobs/{job_id}/events", headers=after) as answer:
                rest = list(events(answer.iter_lines()))
    assert (job["status"], job["result"]["response"]) == ("completed", "Hello")
    assert job["attempt"] == 2
    assert [number for number, _, _ in rest] == list(range(last + 1, last + 1 + len(rest)))
    assert [data["text"] for _, kind, data in rest if kind == "text"] == ["Hello"]


def test_each_user_has_a_token_and_jobs_of_their_own(tmp_path: Path) -> None:
    environ = {"FIRST_READER_DATA_DIR": str(tmp_path), "FIRST_READER_USER_HEADER": "X-Remote-User"}
    with playing(ScriptedOllama()) as ollama, serving(ollama.url, **environ) as address:
        anna, ben = (
            client(address, token_in(tmp_path, user), **{"X-Remote-User": user})
            for user in ("anna", "../ben")
        )
        job_id = submitted(anna)
        assert polled(anna, job_id)["status"] == "completed"
        assert len(anna.get("/manuscripts").json()["manuscripts"]) == 1
        assert ben.get("/manuscripts").json()["manuscripts"] == []
        is_problem(ben.get(f"/status/{job_id}"), 404)
        is_problem(ben.get(f"/jobs/{job_id}/events"), 404)
        is_problem(ben.delete(f"/jobs/{job_id}"), 404)
        # Neither another's token nor no name of the proxy's.
        is_problem(anna.get("/manuscripts", headers={"X-Remote-User": "ben"}), 401)
        is_problem(anna.get("/manuscripts", headers={"X-Remote-User": ""}), 403)
        anna.close()
        ben.close()
    names = [file.name for file in (tmp_path / "api-tokens").iterdir()]
    assert len(names) == 2
    assert all(set(name) <= set("0123456789abcdef") for name in names)
