"""What axe finds on every page, light and dark, on a wide and a narrow screen: nothing that counts.

One app, in whose store all that a page can show was made before: a manuscript, an analysis with
every kind of block, a report, both kinds of comparison, a chat, a picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from importlib.resources import files
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from components.analysis import Reason, Schedule
from components.application import Application
from components.settings import Settings
from components.store import Analysis, Kind, Question, QuestionPicture
from tests.browser.app_process import serving
from tests.doubles.scripted_ollama import Done, Say, Step
from tests.pictures.making import halves, saved
from tests.reports.desk import LONG, Desk, book
from tests.reports.parting import NAMES, parting, reads_of_each
from tests.scripting import playing

#: axe-core, within the package that wraps it for Playwright.
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")

SCREENS = {"wide": (1440, 900), "narrow": (390, 844)}

#: Impacts that fail; what is left is "minor".
COUNTS = {"critical", "serious", "moderate"}

ASKED = "Show everything"

EVERYTHING = """## What happens

Marlow carries the lamp. *Every* day, **again**, and `in code`.

1. The stair
   - the lamp

> On day 1 of the journey Marlow carried the lamp number 0 up the stair.

| Chapter | Who | Where | When | What | Why | How it ends | And what of it |
|---|---|---|---|---|---|---|---|
| 1 | Marlow | on the stair | on day 1 | the lamp | nobody says | it goes on | nothing at all |

```
a line of code that is so long that no narrow screen and no column of text has room for it
```

And it says “The dragon of Wessex had never learned to knit.”
"""


def answers(body: dict[str, Any]) -> Sequence[Step]:
    if ASKED in body["messages"][-1]["content"]:
        return Say(EVERYTHING), Done(figures={"prompt_eval_count": 900, "eval_duration": 10**9})
    return reads_of_each(body)


def question(desk: Desk, manuscript_id: str, number: int = 0) -> Question:
    manuscript = desk.app.shelf().manuscripts.get(manuscript_id)
    return Question(
        manuscript_id=manuscript_id,
        title=manuscript.title,
        scope="Chapter 1",
        ranges=((0, 2000),),
        words=300,
        tokens=500,
        lens="Storyteller",
        prompt=ASKED,
        model=NAMES[number],
        digest=desk.app.models()[0][number].digest,
    )


def ended(desk: Desk, *analyses: Analysis) -> None:
    for one in analyses:
        seq = 0
        while not desk.app.shelf().analyses.get(one.id).state.has_ended:
            entries = desk.app.store.journal.after(one.call_id, seq, timeout=LONG)
            seq = entries[-1].seq


def filled(desk: Desk) -> dict[str, str]:
    """Make all that there is to show; return the address of each page."""
    app, shelf, novel = desk.app, desk.app.shelf(), book(4)
    report = desk.finished(desk.begin(novel))
    kept = report.series.manuscript_id
    books, _ = desk.compared(novel, NAMES[:2])
    ask = question(desk, kept)
    analysis = app.jobs.submit(shelf, ask)
    alike = [replace(one, least_ctx=2560) for one in (ask, question(desk, kept, 1))]
    comparison = app.jobs.compare(shelf, alike, Schedule(False, Reason.UNKNOWN))
    columns = shelf.analyses.in_series(comparison.id)
    chat = shelf.series.begin(Kind.CHAT, name=ASKED, manuscript_id=kept)
    exchange = app.jobs.submit(shelf, ask, chat_id=chat.id)
    shown = [QuestionPicture("cover.png", saved(halves()))]
    picture = app.jobs.submit(shelf, ask, pictures=shown)
    ended(desk, analysis, exchange, picture, *columns)
    manuscript = f"manuscript={kept}"
    return {
        "upload": "",
        "analyse": f"?{manuscript}",
        "analysis": f"?{manuscript}&analysis={analysis.id}",
        "report": f"?report={report.id}",
        "chapter of a report": f"?report={report.id}&chapter=1",
        "manuscript": f"manuscript?{manuscript}",
        "compare": f"compare?{manuscript}",
        "comparison": f"compare?comparison={columns[0].series_id}",
        "comparison of books": f"compare?comparison={books.id}",
        "chat": f"ask?chat={chat.id}",
        "new chat": f"ask?{manuscript}",
        "library": "library",
        "glance": f"manuscript?{manuscript}&view=glance",
        "pictures": "pictures",
        "picture": f"pictures?picture={picture.id}",
        "models": "models",
        "settings": "settings",
    }


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The address of each page of a running app."""
    data = tmp_path_factory.mktemp("axe")
    server = parting(context=2560)
    server.reads = answers
    with playing(server):
        environ = {
            "FIRST_READER_OLLAMA_HOSTS": server.url,
            "FIRST_READER_DATA_DIR": str(data),
            "FIRST_READER_OLLAMA_DIR": str(data / "ollama"),
        }
        with closing(Application(Settings.from_environment(environ))) as app:
            app.start()
            app.wait_connected(LONG)
            made = filled(Desk(app, server, lambda: app))
        with serving(server.url, FIRST_READER_DATA_DIR=str(data)) as address:
            yield {name: f"{address}/{end}" for name, end in made.items()}


#: The paper of each theme, by which the page is known to have taken it on.
PAPER = {"light": "rgb(251, 248, 241)", "dark": "rgb(29, 26, 23)"}

#: Nothing moves or fades while it is looked at.
STILL = "*, *::before, *::after { transition: none !important; animation: none !important; }"


def is_whole(page: Page) -> None:
    """Wait until the page has been run and nothing of it is still on its way."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=60_000)
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def takes_on(page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", PAPER[scheme])


def found(page: Page, *, rules: Sequence[str] = ()) -> list[str]:
    """Return what axe finds, a line for each element; by these rules, or by all."""
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    response = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:200]} {node['failureSummary']}"
        for one in response["violations"]
        if one["impact"] in COUNTS
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_that_counts(
    addresses: dict[str, str], new_page: Callable[..., Page], screen: str
) -> None:
    width, height = SCREENS[screen]
    page = new_page(viewport={"width": width, "height": height})
    where: dict[str, list[str]] = {}
    for name, address in addresses.items():
        page.goto(address)
        is_whole(page)
        page.add_style_tag(content=STILL)
        page.evaluate(AXE)
        takes_on(page, "light")
        for one in found(page):
            where.setdefault(one, []).append(name)
        takes_on(page, "dark")
        for one in found(page, rules=["color-contrast"]):  # Nothing else is another there.
            where.setdefault(one, []).append(f"{name}, dark")
    assert not where, "\n\n".join(f"{one}\n  {'; '.join(of)}" for one, of in where.items())
