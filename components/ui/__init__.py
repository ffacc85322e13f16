"""What pages are made of; below the pages, the only place that knows Streamlit."""

from components.ui.analyse.analysis_view import analysis_view, ask_form
from components.ui.answer.statistics_panel import StatisticsPanel
from components.ui.book.report_beside import report_beside
from components.ui.book.report_files import report_files
from components.ui.book.report_form import choose_reading
from components.ui.book.report_head import earlier_reports
from components.ui.book.report_plan import report_plan, rerun_when_counted
from components.ui.book.report_scope import choose_chapters
from components.ui.book.report_view import report_view
from components.ui.chat.chat_question import ChatQuestion, chat_settings
from components.ui.chat.chat_view import chat_head, chat_view, earlier_chats, open_chat
from components.ui.compare.book_comparison import book_comparison
from components.ui.compare.book_comparison_form import book_comparison_form, compares_the_book
from components.ui.compare.compared_columns import is_of_books, of_analyses
from components.ui.compare.comparison_files import comparison_files
from components.ui.compare.comparison_form import (
    choose_candidates,
    comparison_form,
    models_to_compare,
    new_comparison,
    smallest,
)
from components.ui.compare.comparison_view import comparison_view, wrote_something
from components.ui.compare.earlier_comparisons import earlier_comparisons
from components.ui.compare.ranking_panel import ranking_panel
from components.ui.compare.verdict_form import reveal_names, verdict_form
from components.ui.glance.glance_view import glance_view
from components.ui.library.library_list import earlier_analyses, library_list
from components.ui.manuscript.manuscript_head import (
    contents,
    open_manuscript,
    open_outline,
    outline_head,
)
from components.ui.manuscript.outline_editor import chapter_panel, edit_outline, outline_list
from components.ui.models.model_list import choose_server, model_list
from components.ui.models.pull_panel import offer_first_model, pull_form, pulls_under_way
from components.ui.pictures.picture_form import (
    earlier_pictures,
    needs_seeing_model,
    open_pictures,
    picture_form,
    pictures_head,
)
from components.ui.pictures.picture_upload import choose_pictures, show_pictures
from components.ui.question.model_picker import sidebar
from components.ui.question.text_picker import Chosen, choose_text
from components.ui.settings.lens_editor import lens_editor
from components.ui.settings.storage_panel import (
    kept_where,
    ollama_servers,
    set_by_environment,
    storage_used,
)
from components.ui.shared.address import Page, open_analysis, open_series, passage, passage_address
from components.ui.shared.connection_status import connected, installed, rerun_when_connected
from components.ui.shared.error_boundary import guarded
from components.ui.shared.manage_dialog import offer_undo
from components.ui.shared.problems import show_problem
from components.ui.shared.store_damage import show_damage
from components.ui.shared.style import PAGE_ICON, page_style
from components.ui.shared.under_way import active_analyses
from components.ui.shared.visit import Visit, visit

__all__ = [
    "PAGE_ICON",
    "ChatQuestion",
    "Chosen",
    "Page",
    "StatisticsPanel",
    "Visit",
    "active_analyses",
    "analysis_view",
    "ask_form",
    "book_comparison",
    "book_comparison_form",
    "chapter_panel",
    "chat_head",
    "chat_settings",
    "chat_view",
    "choose_candidates",
    "choose_chapters",
    "choose_pictures",
    "choose_reading",
    "choose_server",
    "choose_text",
    "compares_the_book",
    "comparison_files",
    "comparison_form",
    "comparison_view",
    "connected",
    "contents",
    "earlier_analyses",
    "earlier_chats",
    "earlier_comparisons",
    "earlier_pictures",
    "earlier_reports",
    "edit_outline",
    "glance_view",
    "guarded",
    "installed",
    "is_of_books",
    "kept_where",
    "lens_editor",
    "library_list",
    "model_list",
    "models_to_compare",
    "needs_seeing_model",
    "new_comparison",
    "of_analyses",
    "offer_first_model",
    "offer_undo",
    "ollama_servers",
    "open_analysis",
    "open_chat",
    "open_manuscript",
    "open_outline",
    "open_pictures",
    "open_series",
    "outline_head",
    "outline_list",
    "page_style",
    "passage",
    "passage_address",
    "picture_form",
    "pictures_head",
    "pull_form",
    "pulls_under_way",
    "ranking_panel",
    "report_beside",
    "report_files",
    "report_plan",
    "report_view",
    "rerun_when_connected",
    "rerun_when_counted",
    "reveal_names",
    "set_by_environment",
    "show_damage",
    "show_pictures",
    "show_problem",
    "sidebar",
    "smallest",
    "storage_used",
    "verdict_form",
    "visit",
    "wrote_something",
]
