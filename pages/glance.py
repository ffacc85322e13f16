"""The book at a glance: what can be counted without a model, as plots that lead to the passage."""

from __future__ import annotations

from components.ui import active_analyses, glance_view, keep_active_analyses_fresh, visit

here = visit()
active_analyses(here)
glance_view(here)
keep_active_analyses_fresh(here)
