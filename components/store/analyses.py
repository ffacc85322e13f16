"""The analyses of one user: asked, listed, searched, renamed, deleted and brought back."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from components.errors import FirstReaderError, UnknownAnalysis
from components.store.call_events import storable, unpack_error
from components.store.call_states import ENDED, State
from components.store.create import create_all
from components.store.database import NamedRecords, date
from components.store.journal import WHY_FAILED, figures
from components.store.question import Question, QuestionPicture, Step, pictures
from components.store.series import Kind, is_hidden
from components.store.tables import all_calls, analysis, call, event, manuscript, series

_COLUMNS = (
    analysis.c.id,
    analysis.c.name,
    analysis.c.question,
    analysis.c.created,
    analysis.c.series_id,
    analysis.c.parent_id,
    analysis.c.position,
    series.c.kind.label("series_kind"),
    call.c.id.label("call_id"),
    call.c.state,
    call.c.attempt,
    call.c.ended,
    event.c.body.label("error"),
)

#: A report has hundreds of steps, and is listed itself.
_NO_STEP = sa.or_(series.c.kind.is_(None), series.c.kind != Kind.REPORT)


@dataclass(frozen=True, slots=True)
class Analysis:
    """An analysis at one moment. `id` is its address, unguessable; `call_id` names its entries.

    `attempt` counts from 1 once a worker has taken it; `ended` is None until it has ended, and
    `error` is what it has failed with. One of a series has its position in it, one of a chat the
    exchange that it follows.
    """

    id: str
    name: str
    question: Question
    created: datetime
    call_id: str
    state: State
    attempt: int
    ended: datetime | None
    error: FirstReaderError | None = None
    series_id: str | None = None
    series_kind: Kind | None = None
    parent_id: str | None = None
    position: int = 0


class Analyses(NamedRecords):
    """What `owner` has asked. Each method raises StoreError where the store fails."""

    _table = analysis
    _message = "There is no analysis under this address any more."

    def begin(
        self,
        question: Question | Step,
        *,
        name: str = "",
        series_id: str | None = None,
        parent_id: str | None = None,
        pictures: Sequence[QuestionPicture] = (),
    ) -> Analysis:
        """Queue a new analysis and return it; `name` is what lists call it.

        In a chat `series_id` is the chat and `parent_id` the exchange that it follows. Raises:
        UnknownManuscript.
        """
        with self._database.write() as connection:
            (analysis_id,) = create_all(
                connection,
                self._owner,
                [Step.of(question)],
                name=name,
                series_id=series_id,
                parent_id=parent_id,
                pictures=pictures,
            )
        return self.get(analysis_id)

    def get(self, analysis_id: str) -> Analysis:
        """Return the analysis with this id as it is now. Raises: UnknownAnalysis."""
        analyses = self._select(analysis.c.id == analysis_id)
        if not analyses:
            raise UnknownAnalysis(self._message)
        return analyses[0]

    def of(self, manuscript_id: str) -> list[Analysis]:
        """Return the analyses of a manuscript, newest first; the steps of reports left out."""
        return self._select(analysis.c.manuscript_id == manuscript_id, _NO_STEP)

    def all(self) -> list[Analysis]:
        """Return all analyses, newest first; the steps of reports left out."""
        return self._select(_NO_STEP)

    def active(self) -> list[Analysis]:
        """Return those that wait or run, newest first; the steps of reports left out."""
        return self._select(call.c.state.not_in(ENDED), _NO_STEP)

    def answered(self, limit: int) -> list[Analysis]:
        """Return the newest that have ended, steps of reports too, each answer once."""
        # What is in no series is in no comparison.
        may_be_named = sa.or_(series.c.id.is_(None), ~is_hidden())
        ended = sa.and_(call.c.state.in_(ENDED), call.c.copied.is_(None), may_be_named)
        return [_analysis(row) for row in self._rows(self._listing(ended).limit(limit))]

    def in_series(self, series_id: str) -> list[Analysis]:
        """Return the analyses of a series in their order: the columns, or the exchanges."""
        return self.in_each([series_id])[series_id]

    def in_each(self, series_ids: Sequence[str]) -> dict[str, list[Analysis]]:
        """Return the analyses of each of these series, as `in_series` does."""
        members: dict[str, list[Analysis]] = {series_id: [] for series_id in series_ids}
        analyses = self._select(analysis.c.series_id.in_(series_ids))
        for member in sorted(analyses, key=lambda member: (member.position, member.created)):
            members[member.series_id or ""].append(member)
        return members

    def writing_speeds(self, comparison_ids: Sequence[str], *, of: int = 200) -> dict[str, float]:
        """Return how fast each model wrote in these comparisons, in tokens a second, by its name.

        The median of its last `of` answers, those of reports too; a model is left out while none of
        its answers says.
        """
        columns = sa.select(series.c.id).where(series.c.comparison.in_(comparison_ids))
        newest = sa.func.row_number().over(partition_by=call.c.model, order_by=call.c.ended.desc())
        ended = (
            sa.select(call.c.id, call.c.model, call.c.last_seq, call.c.attempt, newest.label("nth"))
            .select_from(all_calls)
            .where(
                analysis.c.owner == self._owner,
                analysis.c.deleted.is_(None),
                analysis.c.series_id.in_(comparison_ids) | analysis.c.series_id.in_(columns),
                call.c.state.in_(ENDED),
                call.c.copied.is_(None),
            )
            .subquery()
        )
        speeds: dict[str, list[float]] = defaultdict(list)
        with self._database.read() as connection:
            for row, measured in figures(connection, sa.select(ended).where(ended.c.nth <= of)):
                if speed := measured.tokens_per_second:
                    speeds[row.model].append(speed)
        return {model: median(rates) for model, rates in speeds.items()}

    def pictures(self, analysis_id: str) -> tuple[QuestionPicture, ...]:
        """Return the pictures that went with an analysis. Raises: UnknownAnalysis."""
        return pictures(self._database, self.get(analysis_id).id)

    def wordless(self) -> set[str]:
        """Return the ids of the analyses that have ended without a word, steps of reports aside."""
        which = sa.select(analysis.c.id).select_from(all_calls)
        ended = call.c.state.in_(ENDED), call.c.answer == "", _NO_STEP
        rows = self._rows(which.where(analysis.c.owner == self._owner, *ended))
        return {row.id for row in rows}

    def search(self, words: str) -> list[tuple[Analysis, str]]:
        """Return the analyses whose name, manuscript's title or text holds `words`, newest first.

        Letters' case does not matter. With each goes the text around the first occurrence in its
        text, empty where there is none. Steps of reports are left out: `Reports.search`.
        """
        matches = holds(words, analysis.c.name, manuscript.c.title, call.c.answer)
        rows = self._rows(self._listing(matches, _NO_STEP).add_columns(call.c.answer))
        return [(_analysis(row), around(row.answer, words)) for row in rows]

    def _select(self, *which: sa.ColumnElement[bool]) -> list[Analysis]:
        return [_analysis(row) for row in self._rows(self._listing(*which))]

    def _listing(self, *which: sa.ColumnElement[bool]) -> sa.Select[Any]:
        return (
            sa.select(*_COLUMNS)
            .select_from(all_calls)
            .outerjoin(event, WHY_FAILED)
            .outerjoin(manuscript, manuscript.c.id == analysis.c.manuscript_id)
            .where(
                analysis.c.owner == self._owner,
                analysis.c.deleted.is_(None),
                manuscript.c.deleted.is_(None),
                *which,
            )
            .order_by(analysis.c.created.desc())
        )


def _analysis(row: Row[Any]) -> Analysis:
    columns = row._asdict()
    columns.pop("answer", None)  # Of a search.
    return Analysis(
        **columns
        | {
            "question": Question.for_list(row.question),
            "created": date(row.created),
            "state": State(row.state),
            "ended": None if row.ended is None else date(row.ended),
            "error": None if row.error is None else unpack_error(row.error),
            "series_kind": None if row.series_kind is None else Kind(row.series_kind),
        }
    )


def holds(words: str, *columns: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Say that one of `columns` holds `words`, whatever the case of the letters."""
    literally = re.sub(r"([\\%_])", r"\\\1", storable(words))
    # Lowered by the database on both sides: it may not know every letter.
    lowered = sa.func.lower(literally)
    return sa.or_(*(sa.func.lower(column).contains(lowered, escape="\\") for column in columns))


def around(text: str, words: str, *, characters: int = 90) -> str:
    """Return the first occurrence of `words` in `text` with what stands around it, cut at words.

    Of JSON, which is not read as such, its strings are the text.
    """
    text = _words_of(text)
    at = _lower(text).find(_lower(words))
    if at < 0:
        return ""
    start, end = max(at - characters, 0), min(at + len(words) + characters, len(text))
    before = text[start:at].split(" ", 1)[-1] if start else text[:at]
    after = text[at:end].rsplit(" ", 1)[0] if end < len(text) else text[at:]
    cut = f"{'… ' if start else ''}{before}{after}{' …' if end < len(text) else ''}"
    return " ".join(cut.split())


def _words_of(answer: str) -> str:
    """Return the words of an answer: of one in JSON, which is not read as such, its strings."""
    if not answer.startswith("{"):
        return answer
    try:
        return "\n".join(strings_in(json.loads(answer)))
    except (ValueError, RecursionError):
        return answer


def strings_in(value: object) -> Iterator[str]:
    """Yield the texts in a JSON value, the names of its fields left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings_in(item)


def _lower(text: str) -> str:
    """Return `text` in small letters, as many as before: only the dotted İ would become two."""
    return text.replace("İ", "i").lower()
