"""What was asked and answered in turn: streamed, asked again, branched."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

import streamlit as st

from components.analysis import LOOKED_UP, branches, is_cited, path
from components.errors import NoUse, UnknownAnalysis, UnknownManuscript
from components.store import Analysis, CallOutcome, Exchange, JournalEntry, Kind, Series
from components.ui.answer.live_answer import Watched, follow
from components.ui.answer.quote_marks import Marking
from components.ui.answer.statistics_panel import StatisticsPanel
from components.ui.manuscript.manuscript_head import manuscript_bar
from components.ui.pictures.picture_upload import show_pictures
from components.ui.question.run_buttons import stop_button, try_again
from components.ui.shared import labels, widgets
from components.ui.shared.address import Opened, Page, begin_anew, come_back, go, link, open_series
from components.ui.shared.earlier import earlier_list
from components.ui.shared.problems import show_problem
from components.ui.shared.under_way import ActiveAnalyses
from components.ui.shared.visit import Visit

#: The exchange whose question is being edited.
_EDITING = "editing"


@dataclass(frozen=True, slots=True)
class OpenChat:
    """The chat of the page's address, read once in a run.

    `series` is None while it is new. `line` are the exchanges of the branch that is shown, out of
    all `exchanges`; `entries` are those of the journal, by the id of the call. `about` is the
    analysis that it began with, if any: the model is told it as what was said first.
    """

    series: Series | None = None
    exchanges: Sequence[Analysis] = ()
    line: Sequence[Analysis] = ()
    entries: Mapping[str, Sequence[JournalEntry]] = field(default_factory=dict)
    about: Analysis | None = None

    def history(self, line: Sequence[Analysis]) -> tuple[Exchange, ...]:
        """Return what was said in `line`, the shown branch or the beginning of it."""
        history = []
        for exchange in (*([self.about] if self.about else []), *line):
            outcome = CallOutcome()
            for entry in self.entries.get(exchange.call_id, ()):
                outcome.add(entry)
            history.append(Exchange(exchange.question.prompt, outcome.text, exchange.question))
        return tuple(history)


def leaf_key(chat_id: str) -> str:
    """Return where this window keeps which branch of a chat it shows."""
    return f"chat-leaf-{chat_id}"


def open_chat(visit: Visit) -> OpenChat:
    """Return the chat of the page's address; a new one where that names none."""
    come_back(Page.ASK)
    series = open_series(visit, Page.ASK)
    if series is None:
        return OpenChat()
    exchanges = visit.shelf.analyses.in_series(series.id)
    if not exchanges:  # All that was asked in it was deleted.
        go(series.manuscript_id, page=Page.ASK)
        return OpenChat()
    go(series.manuscript_id, series.id, page=Page.ASK)
    line = path(exchanges, st.session_state.get(leaf_key(series.id)))
    about = None
    if first := line[0].parent_id:
        with contextlib.suppress(UnknownAnalysis):  # It was deleted since.
            about = visit.shelf.analyses.get(first)
    read = [*([about] if about else []), *line]
    entries = visit.app.store.journal.after_each({exchange.call_id: 0 for exchange in read})
    return OpenChat(series, exchanges, line, entries, about)


def chat_about(visit: Visit, analysis: Analysis) -> OpenChat:
    """Return a new chat that begins with `analysis`."""
    entries = visit.app.store.journal.after_each({analysis.call_id: 0})
    return OpenChat(entries=entries, about=analysis)


def chat_head(visit: Visit, chat: OpenChat) -> None:
    """Show the manuscript that is talked about, what the chat is called, and offer a new one."""
    heading = st.title
    with contextlib.suppress(UnknownManuscript):  # It is said below.
        if manuscript_id := st.query_params.get("manuscript", ""):
            opened = Opened(manuscript_id, visit.shelf.manuscripts.get(manuscript_id))
            manuscript_bar(visit, opened, Page.ASK)
            heading = st.header
    with widgets.row(vertical_alignment="bottom"):
        heading(labels.plain(chat.series.name) if chat.series else "Ask", anchor=False)
        if chat.series is not None:
            widgets.action("New question", "add", "new-question", begin_anew, Page.ASK)
    if chat.about is not None:
        page, query = link(chat.about)
        name = labels.plain(f"About {chat.about.name}, by {chat.about.question.model}")
        st.page_link(page, label=name, icon=":material/article:", query_params=query)


def chat_view(
    visit: Visit,
    chat: OpenChat,
    panel: StatisticsPanel,
    active: ActiveAnalyses,
    read_all: Callable[[str], None] | None,
) -> tuple[str, Sequence[Analysis]] | None:
    """Show the exchanges of the branch that is open until the last has ended.

    `read_all` offers to read every chapter for a question, None where that cannot be had now.
    Return a question that is to be asked anew and the exchanges before it, None without one.
    """
    marking = Marking(visit)
    anew = None
    for number, exchange in enumerate(chat.line):
        is_last = number == len(chat.line) - 1
        with st.chat_message("user", avatar=":material/person:"):
            if words := _edited(exchange):
                anew = words, chat.line[:number]
            if exchange.question.pictures:
                show_pictures(visit.shelf.analyses.pictures(exchange.id))
        with st.chat_message("assistant", avatar=":material/menu_book:"):
            if exchange.question.left_out:
                left = labels.oldest(exchange.question.left_out)
                st.caption(f"Not sent, because it would not fit: {left}.")
            has_figures = is_last and exchange.question.part != LOOKED_UP
            watched = Watched(
                visit, exchange, marking=marking, panel=panel if has_figures else None
            )
            watched.add(chat.entries.get(exchange.call_id, ()))
            watched.show()
            if is_last:
                if not exchange.state.has_ended:
                    stop_button(visit, exchange)
                for _ in follow(visit, [watched]):
                    active.refresh()
            if watched.has_ended:
                read = read_all if is_cited(exchange.question) else None
                if _offer_again(visit, chat.exchanges, watched, read, is_last=is_last):
                    anew = exchange.question.prompt, chat.line[:number]
    if chat.line and not chat.line[-1].state.has_ended:
        # Once more, so that everything around the text knows that it has ended.
        st.rerun()
    return anew


def _edited(exchange: Analysis) -> str:
    """Show the question, in a form while it is edited; return what it becomes when that is sent."""
    if st.session_state.get(_EDITING) != exchange.id:
        st.html(f'<div class="fr-asked" dir="auto">{escape(exchange.question.prompt)}</div>')
        return ""
    with st.form(f"edit-{exchange.id}", border=False):
        key = f"edited-{exchange.id}"
        text = st.text_area("Your question", value=exchange.question.prompt, key=key).strip()
        with st.container(horizontal=True):
            sent = st.form_submit_button("Send", type="primary", icon=":material/send:")
            left = st.form_submit_button("Leave it")
    if left:
        st.session_state.pop(_EDITING)
        st.rerun()
    return text if sent else ""


def _offer_again(
    visit: Visit,
    exchanges: Sequence[Analysis],
    watched: Watched[Analysis],
    read_all: Callable[[str], None] | None,
    *,
    is_last: bool,
) -> bool:
    """Show what can be done with an answer; return whether it is asked for again."""
    exchange, error = watched.analysis, watched.outcome.error
    if error is not None:
        show_problem(error)
    if isinstance(error, NoUse) and is_last:
        try_again(visit, exchange, others=False)
    with widgets.row():
        _turn(exchanges, exchange)
        label, key = "Read every chapter for this", f"read-all-{exchange.id}"
        if read_all and widgets.action(label, "auto_stories", key, type="secondary"):
            read_all(exchange.question.prompt)
        again = widgets.action("Try again", "replay", f"again-{exchange.id}")
        edit, key = st.session_state.__setitem__, f"edit-{exchange.id}"
        widgets.action("Edit the question", "edit", key, edit, _EDITING, exchange.id)
        if exchange.question.part != LOOKED_UP:
            with st.popover("Figures", type="tertiary", icon=":material/speed:"):
                StatisticsPanel(st.container()).show(watched.outcome, exchange.question)
    return again


def _turn(exchanges: Sequence[Analysis], exchange: Analysis) -> None:
    """Offer the branches beside an exchange."""
    ids = [branch.id for branch in branches(exchanges, exchange.parent_id)]
    if len(ids) < 2:
        return
    at, show = ids.index(exchange.id), st.session_state.__setitem__

    def offer(icon: str, step: int, name: str) -> None:
        key, leaf = f"branch{step}-{exchange.id}", leaf_key(exchange.series_id or "")
        look = {"disabled": not 0 <= at + step < len(ids), "help": name}
        to = ids[(at + step) % len(ids)]
        widgets.action(f":material/{icon}:", "", key, show, leaf, to, **look)

    offer("chevron_left", -1, "Earlier branch")
    st.html(f'<span class="fr-quiet">{at + 1} of {len(ids)}</span>', width="content")
    offer("chevron_right", 1, "Later branch")


def earlier_chats(visit: Visit, shown: OpenChat) -> None:
    """List the chats that there are, but for the one that is shown."""
    earlier_list(
        "earlier question",
        visit.shelf.series.all(Kind.CHAT),
        shown.series,
        lambda chats: [labels.date(chat.created) for chat in chats],
        lambda chat: go(chat.manuscript_id, chat.id, page=Page.ASK),
    )
