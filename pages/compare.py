"""Compare models on a passage or a whole book: side by side, blind if wished, then ranked."""

import streamlit as st

from components import ui

here = ui.visit()
active = ui.ActiveAnalyses(here, ui.Page.COMPARISON)
host = ui.connected(here.app)
opened = ui.open_manuscript(here, host, ui.Page.COMPARISON)
ui.offer_first_model(here, host, is_next=opened is None)
if opened is not None:
    comparison = ui.open_series(here, ui.Page.COMPARISON)
    # One container: what the form held is gone at once, and not when this run has ended. While
    # there is no comparison nothing else may stand in it, or its open parts would close at every
    # click.
    form = st.container() if comparison is None else st.empty()
    with st.container(key="comparing"):
        if comparison is None:
            with form:
                ui.comparison_form(here, opened, host)
        else:
            ui.comparison_view(here, comparison, active)
        ui.earlier_comparisons(here, opened.id, comparison)
        if comparison is None:
            ui.ranking_panel(here)
active.keep_fresh()
