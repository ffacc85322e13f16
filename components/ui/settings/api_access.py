"""The token with which the visitor's programs reach First Reader over HTTP."""

import streamlit as st

from components.settings import DEFAULT_PORT
from components.ui.shared.problems import problems_shown
from components.ui.shared.visit import Visit


def api_access(visit: Visit) -> None:
    """Show the token, how it is used, and a button that makes another."""
    st.header("For your own programs", anchor=False)
    st.write(
        "With this token a program has manuscripts analysed over HTTP. It opens all that you keep "
        "here: keep it as you keep a password. What else can be asked is at `/openapi.json`."
    )
    shown, token = st.container(), visit.app.api_token(visit.user)
    is_renewed = st.button(
        "New token", icon=":material/refresh:", help="The one before opens nothing any more."
    )
    with problems_shown():
        value = token.renew() if is_renewed else token.value()
        address = (st.context.url or f"http://127.0.0.1:{DEFAULT_PORT}/settings").rsplit("/", 1)[0]
        curl = f"curl -F novel=@chapter.txt -H 'Authorization: Bearer {value}' {address}/analyze"
        for text in (value, curl):
            shown.code(text, language=None, wrap_lines=True)
