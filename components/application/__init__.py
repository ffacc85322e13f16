"""The composition root: the running app, one for a process."""

from components.application.application import Application
from components.application.connection import Connection
from components.application.lenses import own_lenses
from components.application.planning import Planning
from components.application.pulls import Pull, Pulls, PullState
from components.application.report_comparing import Entrant, compare_reports, plan_alike
from components.application.reporting import Counter, begin_report, in_context
from components.application.running import application, close_application, restore_backup

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
