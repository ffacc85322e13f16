"""Compare models on a passage or a whole book: side by side, blind if wished, then ranked."""

import streamlit as st

from components import ui

here = ui.visit()
active = ui.ActiveAnalyses(here, ui.Page.COMPARISON)
host = ui.connected(here.app)
ui.offer_first_model(here, host)
opened = ui.open_manuscript(here, host, ui.Page.COMPARISON)
if opened is not None:
    comparison = ui.open_series(here, ui.Page.COMPARISON)
    # One container: what the form held is gone at once, and not when this run has ended. While
    # there is no comparison nothing else may stand in it, or its open parts would close at every
    # click.
    form = st.container() if comparison is None else st.empty()
    with st.container(key="comparing"):
        if comparison is None:
            models = ui.models_to_compare(here, host)
            if models:
                with form:
                    if ui.compares_the_book():
                        ui.book_comparison_form(here, opened, models)
                    else:
                        candidates = ui.choose_candidates(here, models)
                        smallest = ui.smallest(candidates, models)
                        chosen = ui.choose_text(here.app, opened, smallest)
                        ui.comparison_form(here, opened, chosen, candidates)
        elif ui.is_of_books(comparison):
            ui.book_comparison(here, comparison)
        else:
            columns = here.shelf.analyses.in_series(comparison.id)
            ui.new_comparison(here, opened.id, columns)
            watched = ui.comparison_view(here, comparison, columns, active)
            if ui.wrote_something(watched) or comparison.verdict is not None:
                ui.verdict_form(here, comparison, ui.of_analyses(columns))
                if not comparison.is_blind:
                    ui.comparison_files(comparison, watched)
            elif comparison.is_blind:
                ui.reveal_names(here, comparison)
        ui.earlier_comparisons(here, opened.id, comparison)
        if comparison is None or not comparison.is_blind:
            ui.ranking_panel(here)
active.keep_fresh()
