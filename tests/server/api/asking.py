"""How a program asks the API: with its token, a form and a loop; and how it reads events."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from components.application import ApiToken
from components.settings import Settings
from tests.waiting import LONG

TEXT = "Chapter 1\n\nThe ship sailed at dawn.\n\nChapter 2\n\nNobody waved.\n"

#: A form with a manuscript and nothing else.
NOVEL = {"novel": ("ship.txt", TEXT.encode())}


def token_in(data: Path, user: str = "") -> str:
    """Return the token that a user's programs have, by the files of the app."""
    return ApiToken(Settings.from_environment({"FIRST_READER_DATA_DIR": str(data)}), user).value()


def client(address: str, token: str, **headers: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}", **headers}
    return httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=LONG)


def submitted(asking: httpx.Client, **fields: str) -> str:
    """Have a manuscript analysed; return the id of the job."""
    answer = asking.post("/analyze", files=NOVEL, data=fields)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["jobId"])


def polled(asking: httpx.Client, job_id: str) -> dict[str, Any]:
    """Ask for the status again and again until it has ended, as the first version's programs do."""
    deadline = time.monotonic() + LONG
    while True:
        answer = asking.get(f"/status/{job_id}")
        assert answer.status_code == 200, answer.text
        job: dict[str, Any] = answer.json()
        if job["status"] != "processing":
            return job
        assert time.monotonic() < deadline, job
        time.sleep(0.05)


def events(lines: Iterator[str]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Yield number, kind and data of each event of a stream."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line:
            fields[name] = value
        elif "data" in fields:
            yield int(fields["id"]), fields["event"], json.loads(fields["data"])
            fields = {}


def is_problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """Check that an answer is problem details of this status; return them."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    fields: dict[str, Any] = answer.json()
    assert fields["status"] == status
    assert fields["type"] == "about:blank"
    assert fields["title"]
    assert fields["detail"]
    return fields
