"""Who looks at the page, and the app behind it."""

from dataclasses import dataclass

import streamlit as st

from components.application import Application, application, user_of
from components.store import UserStore


@dataclass(frozen=True, slots=True)
class Visit:
    """One run of a page: the running app, who looks (empty: the only user), and their shelf."""

    app: Application
    shelf: UserStore
    user: str


def visit() -> Visit:
    """Return the running app with the visitor's shelf, starting the app at the first call.

    Raises: SettingsError, StoreError.
    """
    app = application()
    user = user_of(app.settings, st.context.headers)
    return Visit(app, app.shelf(user), user)
