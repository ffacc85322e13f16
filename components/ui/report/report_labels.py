"""How a report is described on its page: the states of its chapters and steps."""

from components.export import formatting
from components.reports import Read, Receipt
from components.store import State
from components.ui.shared import labels

#: The icon of what became of a chapter, beside its word: never color alone.
ICONS = {
    Read.COMPLETE: ":material/check_circle:",
    Read.UNDER_WAY: ":material/clock_loader_40:",
    Read.WAITING: ":material/schedule:",
    Read.HELD_UP: ":material/hourglass_disabled:",
    Read.SHORT: ":material/warning:",
    Read.FAILED: ":material/error:",
    Read.STOPPED: ":material/stop_circle:",
    Read.LEFT_OUT: ":material/remove:",
}

#: States in which something is wrong with a chapter; shown in red.
RED = frozenset({Read.SHORT, Read.FAILED, Read.STOPPED, Read.HELD_UP})


def chapter_state(receipt: Receipt) -> str:
    """Say in Streamlit's markdown what became of a chapter."""
    said = formatting.read(receipt.state)
    return f":red[{said}]" if receipt.state in RED else said


def doing(state: State) -> str:
    """Say what happens to a step now: "reading"."""
    if state in (State.QUEUED, State.CONTACTING):
        return "starting"
    return "finishing" if state.has_ended else labels.state(state)
