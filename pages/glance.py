"""The book at a glance: what can be counted without a model, as plots that lead to the passage."""

from __future__ import annotations

from components.ui import active_analyses, glance_view, visit

here = visit()
active = active_analyses(here)
glance_view(here)
active.keep_fresh()
