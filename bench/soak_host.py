"""One scripted Ollama in a process of its own, which may be killed: `python -m bench.soak_host`.

Each answer names itself and is written at a pace; some requests go wrong, by chance of a seed. A
line of JSON in a file says what was asked and what is to be written, another when that ended: what
a killed process had written down stays. It imports nothing of First Reader, so that sixteen of them
take little memory and start at once.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from tests.doubles.scripted_ollama import (
    Done,
    Say,
    ScriptedOllama,
    _chunk,
    _line,
    _reply,
    _too_long,
    tokens_of,
)

#: A sentence of the editors' manuscripts.
_SENTENCE = re.compile(r"On day \d+ of the journey [^.]{20,160}\.")

#: Which answer a text is, whose manuscript a text is of, and which question is asked.
ANSWER, OWNER, TAG = (
    re.compile(pattern) for pattern in (r"\ba\d+-\d+-\d+\b", r"\be\d{3}\b", r"\be\d{3}-\d+\b")
)

#: What goes wrong, and how often: the server has no memory for the model; its runner crashed; the
#: connection breaks in mid-answer; it sends nothing more, which is waited for two minutes.
FAULTS = {"memory": 0.01, "crash": 0.01, "drop": 0.015, "stall": 0.002}

_ERRORS = {
    "memory": "model requires more system memory (9.1 GiB) than is available (3.2 GiB)",
    "crash": "llama runner process has terminated: signal: killed",
}

#: The share of answers that come at a third of the pace.
_SLOW = 0.15

#: Findings that stand in the text, beside the one that names the answer.
_FOUND = 3

_PEOPLE = ["Marlow", "Agnes", "Conrad", "Judith", "Walter", "Helena"]
_THINGS = ["river", "letter", "lamp", "stair", "garden", "window", "captain", "promise", "mirror"]


@dataclass(frozen=True, slots=True)
class Script:
    """What a server is told: `life` counts its starts; `rate` is in tokens a second."""

    index: int
    port: int
    log: str
    seed: int
    models: tuple[str, ...]
    rate: float
    life: int = 0
    stalls: bool = True


@dataclass(slots=True)
class Answer:
    """An answer as the log has it: what was asked by whom, what was to be written, how it ended.

    `ended` is None where its server was killed first; `sent` counts the characters that were
    written, `is_done` says whether the end was.
    """

    id: str
    host: int
    life: int
    began: float
    model: str
    owners: tuple[str, ...]
    tag: str
    text: str
    fault: str = ""
    ended: float | None = None
    sent: int = 0
    is_done: bool = False


class _Mortal(ScriptedOllama):
    def __init__(self, script: Script, write: Callable[[dict[str, Any]], None]) -> None:
        super().__init__(models=script.models, keeps=True)
        self._script = script
        self._log = write
        self._number = 0

    async def _chat(
        self, body: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if body["options"].get("num_predict") == 1:  # It is only to count.
            await self._play([_too_long(tokens_of(body), body["options"]["num_ctx"])], writer)
            return
        self.models.launch(body)
        script, self._number = self._script, self._number + 1
        answer_id = f"a{script.index}-{script.life}-{self._number}"
        chance = random.Random(f"{script.seed} {answer_id}")
        answer = Answer(
            id=answer_id,
            host=script.index,
            life=script.life,
            began=time.time(),
            model=str(body["model"]),
            owners=_owners(body),
            tag=_tag(body),
            text=written(body, answer_id, chance),
        )
        faults = {name: FAULTS[name] for name in FAULTS if script.stalls or name != "stall"}
        shares = [*faults.values(), 1 - sum(faults.values())]
        answer.fault = chance.choices([*faults, ""], shares)[0]
        self._log(asdict(answer))
        try:
            await self._while_there(reader, self._write(answer, body, chance, writer))
        finally:
            ended = {"ended": time.time(), "sent": answer.sent, "is_done": answer.is_done}
            self._log({"id": answer.id, **ended})

    async def _write(
        self,
        answer: Answer,
        body: dict[str, Any],
        chance: random.Random,
        writer: asyncio.StreamWriter,
    ) -> bool:
        rate = self._script.rate * (1 / 3 if chance.random() < _SLOW else 1.0)
        pieces = re.findall(r"\s*\S+\s*$|\s*\S+", answer.text)
        until = chance.randrange(len(pieces)) if answer.fault in ("drop", "stall") else len(pieces)
        await asyncio.sleep(chance.uniform(0.2, 1.2) * 20 / rate)  # It reads.
        if answer.fault in _ERRORS:
            await _reply(writer, 500, {"error": _ERRORS[answer.fault]})
            return False
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n")
        writer.write(b"Transfer-Encoding: chunked\r\n\r\n")
        begin = time.monotonic()
        for number, piece in enumerate(pieces[:until]):
            await asyncio.sleep(begin + number / rate - time.monotonic())
            _chunk(writer, _line(Say(piece), number + 1))
            answer.sent += len(piece)
            await writer.drain()
        if answer.fault == "drop":
            writer.transport.abort()
            return False
        if answer.fault == "stall":
            await asyncio.Event().wait()
        _chunk(writer, _line(Done(figures=_figures(body, len(pieces), rate)), len(pieces)))
        _chunk(writer, b"")
        answer.is_done = True
        await writer.drain()
        return False


def _owners(body: dict[str, Any]) -> tuple[str, ...]:
    """Return whose texts stand in a chat."""
    said = " ".join(message["content"] for message in body["messages"])
    return tuple(sorted(set(OWNER.findall(said))))


def _tag(body: dict[str, Any]) -> str:
    """Return which question a chat asks, empty for a step of a report."""
    first, last = (body["messages"][at]["content"] for at in (0, -1))
    tags = TAG.findall(first if body["messages"][0]["role"] == "system" else "")
    return (tags or TAG.findall(last) or [""])[-1]


def _figures(body: dict[str, Any], written: int, rate: float) -> dict[str, int]:
    count, write = tokens_of(body), int(written / rate * 1e9)
    read = count * 1_000_000
    return {
        "prompt_eval_count": count,
        "prompt_eval_duration": read,
        "eval_duration": write,
        "total_duration": read + write,
        "load_duration": 1_000_000,
    }


def written(body: dict[str, Any], answer_id: str, chance: random.Random) -> str:
    """Return the answer to a chat: JSON where a form is asked for, else prose."""
    form = body.get("format") or {}
    properties = form.get("properties", {}) if isinstance(form, dict) else {}
    if not properties:
        return prose(answer_id, chance)
    if "tension" in properties:
        return _scores(answer_id, chance)
    if "sentences" in properties:
        said = f"Answer {answer_id} sums up what was found in all of the passages."
        return json.dumps({"sentences": [{"findings": [1], "sentence": said}]})
    return _findings(body, properties, answer_id, chance)


def prose(answer_id: str, chance: random.Random) -> str:
    """Return numbered sentences, as a model may write them."""
    parts = [f"Answer {answer_id}."]
    for number in range(1, chance.randint(3, 16)):
        one, other = chance.sample(_THINGS, 2)
        who = chance.choice(_PEOPLE)
        end = "\n\n" if number % 5 == 0 else ""
        parts.append(f"In part {number} the {one} and the {other} are what {who} thinks of.{end}")
    return " ".join(parts)


def _scores(answer_id: str, chance: random.Random) -> str:
    texts = {
        "summary": f"Answer {answer_id} sums the passage up.",
        "setting": "A house",
        "point_of_view": "third person",
        "characters": chance.sample(_PEOPLE, 3),
        "purpose": "It moves the story on.",
        "evidence": "",
    }
    scales = {name: chance.randint(0, 5) for name in ("tension", "pace", "conflict", "valence")}
    return json.dumps(texts | scales)


def _findings(
    body: dict[str, Any], properties: dict[str, Any], answer_id: str, chance: random.Random
) -> str:
    """Return findings: one that names the answer, the others sentences of the text."""
    said = _SENTENCE.findall(" ".join(message["content"] for message in body["messages"]))
    statements = [f"Answer {answer_id} was made from the passage that it was given."]
    statements += chance.sample(said, min(_FOUND, len(said)))
    found: dict[str, list[dict[str, str]]] = {}
    for kind, form in properties.items():
        most, fields = form.get("maxItems", len(statements)), form["items"]["properties"]
        now, statements = statements[:most], statements[most:]
        found[kind] = [dict.fromkeys(fields, "") | {"statement": one} for one in now]
    return json.dumps(found)


async def _serve(script: Script, log: IO[str]) -> None:
    server = _Mortal(script, lambda fields: print(json.dumps(fields), file=log))
    async with server.running(script.port):
        await asyncio.Event().wait()


def main() -> None:
    """Serve until killed."""
    script = Script(**json.loads(sys.argv[1]))
    with Path(script.log).open("a", encoding="utf-8", buffering=1) as log:
        asyncio.run(_serve(script, log))


def answers_in(log: Path) -> list[Answer]:
    """Return the answers of a server's log, in the order in which they began."""
    answers: dict[str, Answer] = {}
    for line in log.read_text(encoding="utf-8").splitlines():
        try:
            fields = json.loads(line)
        except ValueError:  # It was killed in the middle of a line.
            continue
        if "text" in fields:
            answers[fields["id"]] = Answer(**fields | {"owners": tuple(fields["owners"])})
        else:
            for name in ("ended", "sent", "is_done"):
                setattr(answers[fields["id"]], name, fields[name])
    return list(answers.values())


if __name__ == "__main__":
    main()
