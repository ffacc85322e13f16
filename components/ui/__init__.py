"""What pages are made of; below the pages, the only place that knows Streamlit."""

from components.ui.active import active_analyses, keep_active_analyses_fresh
from components.ui.analysis_view import analysis_view
from components.ui.ask_form import ask_form
from components.ui.connection import connected, rerun_when_connected
from components.ui.library_list import earlier_analyses, library_list
from components.ui.manage_dialog import offer_undo
from components.ui.manuscript_panel import contents, open_manuscript
from components.ui.model_picker import choose_model
from components.ui.problems import guarded, show_problem
from components.ui.statistics_panel import StatisticsPanel, statistics_panel
from components.ui.storage_panel import (
    kept_where,
    ollama_servers,
    set_by_environment,
    storage_used,
)
from components.ui.style import PAGE_ICON, page_style
from components.ui.text_picker import Chosen, choose_text
from components.ui.visit import Visit, visit

__all__ = [
    "PAGE_ICON",
    "Chosen",
    "StatisticsPanel",
    "Visit",
    "active_analyses",
    "analysis_view",
    "ask_form",
    "choose_model",
    "choose_text",
    "connected",
    "contents",
    "earlier_analyses",
    "guarded",
    "keep_active_analyses_fresh",
    "kept_where",
    "library_list",
    "offer_undo",
    "ollama_servers",
    "open_manuscript",
    "page_style",
    "rerun_when_connected",
    "set_by_environment",
    "show_problem",
    "statistics_panel",
    "storage_used",
    "visit",
]
