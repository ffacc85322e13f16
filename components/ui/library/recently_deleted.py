"""What was deleted lately, with a way back until it is gone for good."""

import streamlit as st

from components.errors import UnknownAnalysis, UnknownManuscript
from components.store import Deletion, Kind
from components.ui.library.library_list import SERIES_ICONS
from components.ui.shared import labels, widgets
from components.ui.shared.visit import Visit

_FEW = 3  # rows that are not folded away

#: By kind the icon that it has in the library, and what it is called.
_KINDS = {
    "manuscript": ("menu_book", "Manuscript with its analyses"),
    "analysis": ("article", "Analysis"),
    "pictures": ("image", "Pictures"),
    "report": (SERIES_ICONS[Kind.REPORT], "Report"),
    "comparison": (SERIES_ICONS[Kind.COMPARISON], "Comparison"),
    "chat": (SERIES_ICONS[Kind.CHAT], "Chat"),
}


def recently_deleted(visit: Visit) -> None:
    """List what the visitor deleted, in whichever window; nothing is shown where there is none."""
    deletions = visit.shelf.deletions.all()
    if not deletions:
        return
    label = f"Recently deleted ({len(deletions):,})"
    with st.expander(label, icon=":material/delete:", expanded=len(deletions) <= _FEW):
        for deletion in deletions:
            icon, what = _KINDS[deletion.kind]
            if deletion.title and deletion.kind != "manuscript":
                what += f" of “{deletion.title}”"
            until = f"gone for good at {deletion.until.astimezone():%H:%M}"
            facts = labels.plain(labels.facts(what, until))
            name = labels.plain(deletion.name)
            with widgets.row(f"deleted-{deletion.id}"):
                st.markdown(f":material/{icon}: {name}  \n:small[{facts}]", width="stretch")
                widgets.action(
                    "Restore", "undo", f"restore-{deletion.id}", _restore, visit, deletion
                )


def _restore(visit: Visit, deletion: Deletion) -> None:
    try:
        visit.shelf.restore(deletion)
    except (UnknownManuscript, UnknownAnalysis):
        widgets.warn(f"It was too late: {labels.plain(deletion.name)} is gone for good.")
