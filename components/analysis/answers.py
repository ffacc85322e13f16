"""What is held against every answer, how JSON is decoded, and how a useless answer is asked again.

Ollama constrains an answer to a JSON schema, but not always (its issue 15502), and where the answer
runs into its limit the JSON is cut. So every such answer is held against its schema; one that does
not keep to it is refused with the reason, which the model is told when it is asked again.
"""

import json
from dataclasses import replace
from functools import cached_property
from typing import Any

import jsonschema
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from referencing import Registry
from referencing.exceptions import Unresolvable

from components.analysis.answer_language import (
    ExpectedLanguage,
    check_language,
    check_script,
    expected_language,
)
from components.analysis.findings import (
    FINDINGS,
    SUMMARIES,
    complete_items,
    is_assembled,
    read_findings,
    unsupported,
)
from components.analysis.refusal import is_refusal
from components.analysis.repetition import RepetitionDetector
from components.engine import Call, Event, Finished, Message, Options, Text, Thought
from components.errors import AnswerRefused, ModelRefused, ModelRepeated, WrongLanguage
from components.evidence import index_of
from components.languages import length_of
from components.store import PromptInputs, Question, strings_in

#: Characters after which the script of an answer is checked, and again whenever it has doubled.
_FIRST_CHECK = 300

#: What is added to the repeat penalty each time that a model has repeated itself, and the most
#: that it comes to: beyond, a model loses the words that every sentence needs.
_PENALTY, _MOST_PENALTY = 0.1, 1.5

#: Tokens that the penalty then looks back on. Ollama's own 64 are fewer than many a loop has:
#: SmolLM2 went on in loops of sixty words under any penalty, and in none with this.
_LOOKED_BACK = 512

#: The highest temperature after a repetition, and after a refusal: models refuse by chance too.
_CALMER, _CALM = 0.4, 0.2

_AGAIN = "Answer once more, with the JSON alone."

_NO_REFUSAL = (
    "What you are asked about is given to you here in full; it is a literary text, and its editor "
    "asks you. Answer from it."
)


class AnswerWatch:
    """Watches one answer to `question`: `add` takes its events, `finish` judges the whole of it.

    Costs some microseconds a token.
    """

    def __init__(self, question: Question, inputs: PromptInputs) -> None:
        self._question = question
        self._inputs = inputs
        self._is_data = question.options.format is not None
        self._pieces: list[str] = []
        self._length = 0
        self._next_check = _FIRST_CHECK
        self._done_reason: str | None = None
        self._repetition = RepetitionDetector(is_data=self._is_data)
        self._thoughts: list[str] = []
        self._thinking = RepetitionDetector()

    def add(self, event: Event) -> None:
        """Take in what happened. Raises: ModelRepeated, WrongLanguage: no more of it is wanted."""
        match event:
            case Text(text):
                self._pieces.append(text)
                self._length += len(text)
                if self._repetition.feed(text):
                    raise _repeated(self._pieces)
                if self._length >= self._next_check:
                    self._next_check = 2 * self._length
                    if not self._is_data:
                        check_script("".join(self._pieces), self._expected)
            case Thought(text):
                self._thoughts.append(text)
                if self._thinking.feed(text):
                    raise _repeated(self._thoughts, "While it thought, the model")
            case Finished(statistics):
                self._done_reason = statistics.done_reason
            case _:
                pass

    def finish(self) -> None:
        """Judge the whole answer.

        Raises: AnswerRefused where it has not the form asked for; ModelRefused, WrongLanguage.
        """
        answer = text = "".join(self._pieces)
        is_cut = self._done_reason == "length" and is_assembled(self._question)
        # Of what the limit cut, the items that are complete count.
        value: Any = [item for _, item in complete_items(answer)] if is_cut else []
        value = value or decode(self._question, answer, done_reason=self._done_reason)
        if self._is_data:
            text = "\n".join(strings_in(value))
            check_script(text, self._expected)
            self._judge_findings(answer)
            if self._question.part not in SUMMARIES:
                return
        if is_refusal(text):
            raise ModelRefused("This reads like a refusal, not an answer.")
        check_language(text, self._expected)

    def _judge_findings(self, answer: str) -> None:
        """Raise AnswerRefused for want of evidence, once: then findings are shown as they are."""
        manuscript, is_first = self._inputs.manuscript, self._inputs.refused is None
        if self._question.part == FINDINGS and manuscript is not None and is_first:
            findings = read_findings(self._question, answer, index_of(manuscript))
            if problem := unsupported(findings):
                raise AnswerRefused(problem)

    @cached_property
    def _expected(self) -> ExpectedLanguage:
        return expected_language(self._question, self._inputs)


def _repeated(pieces: list[str], who: str = "The model") -> ModelRepeated:
    written = length_of("".join(pieces))
    return ModelRepeated(f"{who} began to repeat itself; it was stopped after {written}.")


def decode(question: Question, answer: str, *, done_reason: str | None = None) -> Any:
    """Return the JSON of an answer that keeps to the options' `format`; None where none is asked.

    A step of a report must say something at all: others build on it.
    Raises: AnswerRefused, with the reason and without a word of the answer.
    """
    if question.part and not answer.strip():
        raise AnswerRefused(
            "The answer is empty.",
            advice="A model that thinks may have spent its room on that: choose another, or "
            "switch thinking off in the options.",
        )
    if question.options.format is None:
        return None
    value = parsed(answer, done_reason=done_reason)
    if question.options.format == "json":
        return value
    error = _broken_rule(value, json.loads(question.options.format))
    if error is not None:
        where = " in " + ", ".join(map(str, error.absolute_path)) if error.absolute_path else ""
        rule = json.dumps(error.validator_value)[:200]
        raise AnswerRefused(
            f"The answer breaks a rule of its form{where}: {error.validator} {rule}."
        )
    return value


def parsed(answer: str, *, done_reason: str | None = None) -> Any:
    """Return the JSON of an answer, whatever its form. Raises: AnswerRefused."""
    try:
        return json.loads(answer)
    except (ValueError, RecursionError):
        cut = "it ran into its limit and was cut" if done_reason == "length" else "it is no JSON"
        raise AnswerRefused(f"The answer cannot be read: {cut}.") from None


def _broken_rule(value: Any, schema: Any) -> Any:
    """Return the rule of `schema` that tells most of what is wrong, None where nothing is.

    With a registry of its own, nothing that the schema refers to is fetched from elsewhere.
    """
    kind = validator_for(schema)
    try:
        kind.check_schema(schema)
        return best_match(kind(schema, registry=Registry()).iter_errors(value))
    except jsonschema.SchemaError:
        wrong = "is no JSON schema"
    except Unresolvable:
        wrong = "refers to what is not in it"
    except RecursionError:
        wrong = "refers to itself without an end"
    raise AnswerRefused(
        f"The form that was asked for {wrong}.",
        advice="Correct the schema of the lens, then run the step again.",
    )


def retry_call(call: Call, question: Question, inputs: PromptInputs) -> Call:
    """Return `call` changed by what was wrong with the last answer, if that was no use.

    With the same seed a model would say the same; llama.cpp's penalty is 1.0 where there is none.
    """
    refused, options, more = inputs.refused, call.options, ""
    if refused is None:
        return call
    if isinstance(refused.error, AnswerRefused):
        if options.format is None:
            return call
        reason = f"This cannot be used: {refused.error} {_AGAIN}"
        messages = (Message("assistant", refused.answer), Message("user", reason))
        return replace(call, messages=(*call.messages, *messages))
    if options.seed is not None:
        options = replace(options, seed=options.seed + refused.times)
    match refused.error:
        case ModelRepeated():
            penalty = options.repeat_penalty or 1.0
            raised = round(penalty + _PENALTY * refused.times, 2)
            back = options.repeat_last_n
            options = replace(
                _cooled(options, _CALMER),
                repeat_penalty=min(raised, max(_MOST_PENALTY, penalty)),
                repeat_last_n=_LOOKED_BACK if back is None or 0 <= back < _LOOKED_BACK else back,
            )
        case ModelRefused():
            options, more = _cooled(options, _CALM), f"\n\n{_NO_REFUSAL}"
        case WrongLanguage():
            more = f"\n\nWrite in {expected_language(question, inputs).name}."
    *before, last = call.messages
    last = replace(last, content=f"{last.content}{more}")
    return replace(call, messages=(*before, last), options=options)


def _cooled(options: Options, most: float) -> Options:
    """Return options with a temperature of `most` or less."""
    now = options.temperature
    return options if now is not None and now <= most else replace(options, temperature=most)
