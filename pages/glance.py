"""The book at a glance: what can be counted without a model, as plots that lead to the passage."""

from components import ui

here = ui.visit()
active = ui.ActiveAnalyses(here)
ui.glance_view(here)
active.keep_fresh()
