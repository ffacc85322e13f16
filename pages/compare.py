"""Compare models on a passage or a whole book: side by side, blind if wished, then ranked."""

from __future__ import annotations

import streamlit as st

from components.ui import (
    Page,
    active_analyses,
    book_comparison,
    book_comparison_form,
    choose_candidates,
    choose_text,
    compares_the_book,
    comparison_files,
    comparison_form,
    comparison_view,
    connected,
    earlier_comparisons,
    is_of_books,
    models_to_compare,
    new_comparison,
    of_analyses,
    offer_first_model,
    open_manuscript,
    open_series,
    ranking_panel,
    reveal_names,
    smallest,
    verdict_form,
    visit,
    wrote_something,
)

here = visit()
active = active_analyses(here, Page.COMPARISON)
host = connected(here.app)
offer_first_model(here, host)
opened = open_manuscript(here, host, Page.COMPARISON)
if opened is not None:
    comparison = open_series(here, Page.COMPARISON)
    # One place: what the form held is gone at once, and not when this run has ended. While there
    # is no comparison nothing else may stand in it, or its open parts would close at every click.
    form = st.container() if comparison is None else st.empty()
    with st.container(key="comparing"):
        if comparison is None:
            models = models_to_compare(here, host)
            if models:
                with form:
                    if compares_the_book():
                        book_comparison_form(here, opened, models)
                    else:
                        candidates = choose_candidates(here, models)
                        chosen = choose_text(here.app, opened, smallest(candidates, models))
                        comparison_form(here, opened, chosen, candidates)
        elif is_of_books(comparison):
            book_comparison(here, comparison)
        else:
            columns = here.shelf.analyses.in_series(comparison.id)
            new_comparison(here, opened.id, columns)
            watched = comparison_view(here, comparison, columns, active)
            if wrote_something(watched) or comparison.verdict is not None:
                verdict_form(here, comparison, of_analyses(columns))
                if not comparison.is_blind:
                    comparison_files(comparison, watched)
            elif comparison.is_blind:
                reveal_names(here, comparison)
        earlier_comparisons(here, opened.id, comparison)
        if comparison is None or not comparison.is_blind:
            ranking_panel(here)
active.keep_fresh()
