"""What pages are made of; below the pages, the only place that knows Streamlit."""

# ruff: noqa: F401 - every name here is one that a page uses

from components.ui.analyse.analyse_form import analyse_form, rerun_when_counted
from components.ui.analyse.analysis_view import analysis_view, open_work, show_work
from components.ui.ask.ask_form import NextQuestion, ask_field, ask_settings
from components.ui.ask.conversation_view import chat_head, chat_view, earlier_chats, open_chat
from components.ui.compare.comparison_form import comparison_form
from components.ui.compare.comparison_view import comparison_view, earlier_comparisons
from components.ui.compare.verdicts import ranking_panel
from components.ui.glance.glance_view import glance_view
from components.ui.library.library_list import library_list
from components.ui.library.recently_deleted import recently_deleted
from components.ui.manuscript.manuscript_head import choose_view, open_manuscript, outline_head
from components.ui.manuscript.outline_editor import chapter_panel, edit_outline, outline_list
from components.ui.models.model_list import choose_server, model_list
from components.ui.models.pull_panel import offer_first_model, pull_form, pulls_under_way
from components.ui.pictures.picture_form import (
    earlier_pictures,
    open_pictures,
    picture_form,
    pictures_head,
)
from components.ui.pictures.picture_upload import choose_pictures, show_pictures
from components.ui.question.model_picker import sidebar
from components.ui.settings.api_access import api_access
from components.ui.settings.lens_editor import lens_editor
from components.ui.settings.storage_panel import (
    kept_where,
    ollama_servers,
    set_by_environment,
    storage_used,
)
from components.ui.shared.address import Page, open_series
from components.ui.shared.problems import guarded, show_damage, show_problem
from components.ui.shared.style import PAGE_ICON, page_style
from components.ui.shared.under_way import ActiveAnalyses
from components.ui.shared.visit import Visit, visit
from components.ui.shared.waiting import connected, installed, rerun_when_connected
