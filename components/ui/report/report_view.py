"""A report on its page: what each lens came to, chapter by chapter, and what can be relied on.

What is shown is in the address: a chapter, or the report by a lens. So a refresh, a second tab and
a bookmark show the same. While a report goes on, the page only reads the store. It is run anew
where something that it shows has come; everything else (the line above, the icons of the chapters)
is sent in its place, so that nothing that is being read moves.
"""

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from components.errors import FirstReaderError
from components.evidence import Index
from components.export import (
    Contents,
    MarginComment,
    comment_file,
    commented_copy,
    comments_of,
    readers_report,
    report_docx,
    report_json,
    report_sections,
)
from components.plots.static_plots import pictures
from components.reports import Read, Report, is_prose, open_report, totals
from components.store import Series, State, StepStatus
from components.ui.answer.live_answer import Watched, follow
from components.ui.answer.quote_marks import Marking
from components.ui.answer.statistics_panel import Figure, StatisticsPanel, figures_of
from components.ui.glance.charts import measures_of
from components.ui.report.report_answers import (
    chapter_view,
    lens_view,
    show_quotations,
    show_unfinished,
)
from components.ui.report.report_beside import report_beside
from components.ui.report.report_charts import report_charts
from components.ui.report.report_head import ChapterList, ReportHead, report_head, report_problems
from components.ui.report.report_receipt import report_headline, report_receipt
from components.ui.shared import labels, widgets
from components.ui.shared.address import CHAPTER, LENS, Page, go
from components.ui.shared.download_row import documents, download_row
from components.ui.shared.earlier import earlier_work
from components.ui.shared.problems import show_problem
from components.ui.shared.under_way import ActiveAnalyses
from components.ui.shared.visit import Visit

_CHAPTERS = "Chapter by chapter"

_CHECK_SECONDS = 1.0  # seconds between two checks of the whole report while one call runs
_LIVE_HEIGHT = 260  # pixels: the live text keeps its height whatever is written there


def report_view(
    visit: Visit, series: Series, panel: StatisticsPanel, active: ActiveAnalyses
) -> None:
    """Show a report; while it goes on, as it goes on."""
    report = open_report(visit.shelf, series)
    marking = Marking(visit, report)
    head = report_head(visit, report, lambda: report_files(visit, report))
    if report.is_outline_changed:
        widgets.info(
            "The chapters of this manuscript were changed after this report, which shows them as "
            "they were read. In a new report, what has not changed is not asked again."
        )
    report_headline(visit, report)
    refreshes: list[Callable[[Report], None]] = [head.measure]
    left, right = st.columns([1, 2.1], gap="large")
    with right:
        live = _LiveText(visit, marking, panel) if report.is_active else None
        report_problems(visit, report)
        show_unfinished(visit, report, marking, panel)
        chapter, lens = _choose(report)
        with st.container(key="book-results"):
            if chapter is not None:
                _choose_chapter(report, chapter)
                chapter_view(report, chapter, marking)
            else:
                refreshes.append(lens_view(visit, report, lens, marking))
        quotations = st.container()
    with left, st.container(key="book-chapters"):
        refreshes.append(ChapterList(report, chapter).show)
        earlier_work(visit, series.manuscript_id, series)
    report_charts(visit, report)
    st.header("Receipt", anchor=False, divider=False)
    refreshes.append(report_receipt(visit, report))
    if live is None:
        st.header("Compare two reports", anchor=False, divider=False)
        report_beside(visit, report)
    with quotations, st.spinner("Looking the quotations up"):
        show_quotations(report, marking)
    if live is None:
        show_totals(report, panel)
        return

    def shown(now: Report) -> object:
        steps = [now.final(lens), *(step for step in now.noted if step.question.lens == lens)]
        if chapter is not None:
            steps = [step for step in now.steps if step.question.reads(chapter)]
        return [step.state if step.state.has_ended else None for step in steps], len(now.stuck)

    active.refresh()
    _follow(report, live, head, refreshes, shown, active)


def report_files(visit: Visit, report: Report) -> None:
    """Offer the report as Word, HTML, Markdown and JSON."""
    if not report.is_complete:
        st.caption("The report is not complete; a file says so and holds what there is.")

    def now() -> Report:
        return open_report(visit.shelf, visit.shelf.series.get(report.id))

    def contents() -> Contents:
        current, ollama = now(), visit.app.ollama_versions()
        plots = pictures(current, measures_of(current.manuscript))
        return report_sections(current, Index(current.manuscript), pictures=plots, ollama=ollama)

    def as_json() -> str:
        current, ollama = now(), visit.app.ollama_versions()
        return report_json(current, Index(current.manuscript), ollama=ollama)

    download_row(report.manuscript.title, "report", documents(contents) | {"json": as_json})
    if any(report.findings.values()):
        download_row(
            report.manuscript.title,
            "reader’s report",
            {"docx": lambda: report_docx(readers_report(now()))},
            labels={"docx": "Reader’s report (Word)"},
        )
    if comments := comments_of(report):
        _margin_comments(report, comments)


def _margin_comments(report: Report, comments: Sequence[MarginComment]) -> None:
    """Offer the findings as comments in a Word copy, and in the author's own Word file."""
    title, author = report.manuscript.title, f"First Reader ({report.setting.model})"
    what = labels.plural(len(comments), "comment")
    with st.expander("Findings as comments in the margin", icon=":material/add_comment:"):
        download_row(
            title,
            "comments",
            {"docx": lambda: commented_copy(report.manuscript, comments, author=author)},
            labels={"docx": f"A Word copy of the text with {what}"},
        )
        source = st.file_uploader(
            "Or in the author’s own Word file", type=["docx"], max_upload_size=50
        )
        if source is None:
            return
        of = (source.file_id, hash(tuple(comments)))
        try:
            file, unplaced = _commented(*of, source, report, comments, author)
        except FirstReaderError as error:
            show_problem(error)
            return
        placed = labels.plural(len(comments) - len(unplaced), "comment")
        download_row(
            title,
            "author's file, comments",
            {"docx": lambda: file},
            labels={"docx": f"{source.name} with {placed}"},
        )
        if unplaced:
            listed = "\n".join(f"- {labels.plain(comment.text)}" for comment in unplaced)
            why = "These have no place in the file (in a text box, or a number that Word counts):"
            widgets.warn(f"{why}\n\n{listed}", "warning")


@st.cache_data(show_spinner=False, max_entries=2)
def _commented(
    file_id: str,  # noqa: ARG001 - of one upload
    comments_hash: int,  # noqa: ARG001
    _source: UploadedFile,
    _report: Report,
    _comments: Sequence[MarginComment],
    author: str,
) -> tuple[bytes, tuple[MarginComment, ...]]:
    """Return the author's file with comments, read again once for an upload: that takes seconds."""
    return comment_file(_source.getvalue(), _report.manuscript, _comments, author=author)


def show_totals(report: Report, panel: StatisticsPanel) -> None:
    """Show what all calls took together; what came from an earlier reading is not counted again."""
    sums = totals(report)
    written = None if sums.eval_count is None else f"{sums.eval_count:,}"
    rows = [
        Figure("Calls done", "", f"{report.done:,} of {len(report.steps):,}"),
        Figure("From an earlier report", "", f"{report.copied:,}" if report.copied else None),
        Figure("Tokens written", "eval_count", written),
        *figures_of(sums),
        Figure("Context asked for", "num_ctx", f"{report.setting.num_ctx:,}"),
    ]
    asked = report.steps[0].question.options.given() if report.steps else {}
    names = asked.keys() & report.setting.options.keys() - {"num_ctx", "num_predict", "format"}
    rows += [Figure("Option", name, f"{asked[name]}") for name in sorted(names)]
    panel.show_totals(report.setting.model, [row for row in rows if row.value is not None])


def _choose(report: Report) -> tuple[int | None, str]:
    """Show what there is to be opened; return the chapter that is open, if any, and the lens."""
    by_address = {str(receipt.chapter): receipt.chapter for receipt in report.receipts}
    chapter = by_address.get(st.query_params.get(CHAPTER, ""))
    titles = list(report.lenses)
    asked = st.query_params.get(LENS, "")
    lens = asked if asked in titles else titles[0]
    widget = f"book-view-{report.id}"
    st.session_state[widget] = _CHAPTERS if chapter is not None else lens

    def choose() -> None:
        chosen = st.session_state[widget]
        if chosen == _CHAPTERS:
            read = (one for one in report.receipts if one.state is not Read.LEFT_OUT)
            _open(report, CHAPTER, next(read, report.receipts[0]).chapter)
        else:
            _open(report, LENS, chosen)

    names = {title: labels.plain(title) for title in (*titles, _CHAPTERS)}
    look = {"key": widget, "on_change": choose, "label_visibility": "collapsed"}
    widgets.switch("What is shown", names, **look)
    return chapter, lens


def _choose_chapter(report: Report, chapter: int) -> None:
    """Offer the other chapters."""
    names = {receipt.chapter: receipt.name for receipt in report.receipts}
    widget = f"book-chapter-{report.id}"
    st.session_state[widget] = chapter
    order = list(names)
    with widgets.row("book-choose", vertical_alignment="bottom"):
        widgets.select(
            "Chapter",
            names,
            key=widget,
            on_change=lambda: _open(report, CHAPTER, st.session_state[widget]),
            label_visibility="collapsed",
        )
        turns, at = {"earlier": "Earlier", "later": "Later"}, order.index(chapter)
        widgets.steps("book", turns, at, len(order), lambda to: _open(report, CHAPTER, order[to]))


def _open(report: Report, part: str, shown: object) -> None:
    go(report.series.manuscript_id, report.id, page=Page.REPORT, **{part: str(shown)})


class _LiveText:
    """The place where the call that runs is written.

    Two that take turns: what is put where something was keeps, on the page, what that held until
    the run ends, and here a run lasts as long as the report.
    """

    def __init__(self, visit: Visit, marking: Marking, panel: StatisticsPanel) -> None:
        self.visit, self._marking, self._panel = visit, marking, panel
        with st.container(height=_LIVE_HEIGHT, key="book-live", autoscroll=True):
            self._now, self._next = st.empty(), st.empty()

    def watch(self, step: StepStatus) -> Watched[StepStatus]:
        """Give the place to a step, and its figures to the panel."""
        self._now.empty()
        self._now, self._next = self._next, self._now
        with self._now.container():
            # Scores are shown when they are there, and not while they are written.
            shows = is_prose(step.question)
            return Watched(
                self.visit, step, marking=self._marking, shows_text=shows, panel=self._panel
            )


def _follow(
    report: Report,
    live: _LiveText,
    head: ReportHead,
    refreshes: Sequence[Callable[[Report], None]],
    shown: Callable[[Report], object],
    active: ActiveAnalyses,
) -> None:
    """Show the report as it goes on, until it does not; then, and where `shown` changed, run anew.

    `refreshes` send what can be sent in its place. `shown` returns what else the page shows.
    """
    visit, before = live.visit, shown(report)
    while (step := report.current) is not None and shown(report) == before:
        calls = visit.shelf.calls_of(report.series)
        watched = live.watch(step)
        for _ in follow(visit, [watched], look_seconds=_CHECK_SECONDS):
            head.show(report, step, watched.outcome.state, watched.place)
            active.look()
            now = visit.shelf.calls_of(report.series)
            # A call beside this one ended, or began while this one waits.
            has_begun = any(now[state] for state in State if state.is_running)
            if (watched.outcome.state is State.QUEUED and has_begun) or any(
                now[state] != calls[state] for state in State if state.has_ended
            ):
                break
        report = open_report(visit.shelf, report.series)
        for refresh in refreshes:
            refresh(report)
        active.refresh()
    st.rerun()
