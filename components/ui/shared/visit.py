"""Who looks at the page, and the app behind it."""

from dataclasses import dataclass

import streamlit as st

from components.application import Application, application
from components.errors import SettingsError
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
    app, user = application(), ""
    header = app.settings.user_header  # of the reverse proxy; none where there is only one user
    if header is not None:
        user = st.context.headers.get(header, "").strip()
        if not user:
            raise SettingsError(
                "The server in front of First Reader did not say who you are.",
                advice="Open First Reader by the address that your IT department gave you.",
            )
    return Visit(app, app.shelf(user), user)
