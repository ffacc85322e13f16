"""The composition root: the running app, one for a process."""

from components.application.application import Application
from components.application.background_plan import Planning
from components.application.instance import application, close_application, restore_backup
from components.application.ollama_connection import Connection
from components.application.pulls import Pull, Pulls, PullState
from components.application.report_comparisons import Entrant, compare_reports, plan_alike
from components.application.report_plans import Counter, begin_report, in_context
from components.application.user_lenses import own_lenses

__all__ = [
    "Application",
    "Connection",
    "Counter",
    "Entrant",
    "Planning",
    "Pull",
    "PullState",
    "Pulls",
    "application",
    "begin_report",
    "close_application",
    "compare_reports",
    "in_context",
    "own_lenses",
    "plan_alike",
    "restore_backup",
]
