"""The composition root: the running app, one for a process."""

from components.application.api_tokens import ApiToken
from components.application.application import (
    Application,
    application,
    close_application,
    own_lenses,
    restore_backup,
    user_of,
)
from components.application.pulls import Pull, PullState
from components.application.report_plans import (
    Entrant,
    Planning,
    begin_report,
    compare_reports,
    decided_by,
    plan_alike,
)
from components.application.token_counter import Counter

__all__ = [
    "ApiToken",
    "Application",
    "Counter",
    "Entrant",
    "Planning",
    "Pull",
    "PullState",
    "application",
    "begin_report",
    "close_application",
    "compare_reports",
    "decided_by",
    "own_lenses",
    "plan_alike",
    "restore_backup",
    "user_of",
]
