"""The settings page says where everything is, and no secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.application import application
from components.errors import StoreFull
from components.ui.shared import labels
from tests.store.making import WHALE


def text(app: AppTest) -> str:
    return "\n".join(
        [one.proto.body for one in app.get("html")]
        + [one.value for one in (*app.code, *app.markdown)]
    )


def test_where_everything_is_kept_and_which_ollama_answers(app: AppTest) -> None:
    app.switch_page("pages/settings.py").run()
    assert not app.exception
    path = application().store.path
    assert path is not None
    assert path.is_relative_to(Path.home())
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert str(path) in text(app)
    assert application().host().url in text(app)
    assert "answers" in text(app)
    assert "refused" in text(app)


def test_backups_are_shown_and_why_there_is_none_of_today(app: AppTest) -> None:
    upkeep = application().store.upkeep
    application().shelf().manuscripts.keep(WHALE)
    upkeep.look()
    (backup,) = upkeep.backups()
    upkeep.problem = StoreFull("No room for a backup.")
    app.switch_page("pages/settings.py").run()
    assert labels.date(backup.made) in text(app)
    assert "No room" in app.error[0].value


@pytest.mark.parametrize("name", ["FIRST_READER_DATA_DIR", "OLLAMA_HOST", "FIRST_READER_PARALLEL"])
def test_variables_are_named(app: AppTest, name: str) -> None:
    app.switch_page("pages/settings.py").run()
    assert name in text(app)


def test_the_token_of_programs_is_shown_and_replaced(app: AppTest) -> None:
    token = application().api_token()
    app.switch_page("pages/settings.py").run()
    first = token.value()
    assert first in [one.value for one in app.code]
    assert any(first in one.value and "/analyze" in one.value for one in app.code)
    next(one for one in app.button if one.label == "New token").click().run()
    assert not token.is_value(first)
    assert token.value() in [one.value for one in app.code]
    assert first not in text(app)
