"""The passage that answers a question comes first, in several languages, without a model."""

from __future__ import annotations

import pytest

from components.evidence import Index
from components.manuscripts import Manuscript, read, sample
from components.retrieval import Retriever, retriever_of
from components.retrieval.retriever import Parts
from tests.retrieval.making import novel

GERMAN = (
    "Der Weg ging weiter durch die Felder, und niemand war zu sehen. Es regnete lange, und sie "
)
FRENCH = (
    "La route continuait entre les champs et on ne voyait personne. Il plut pendant une heure. "
)
CHINESE = "路在田野之间延伸，没有人影。雨下了一个小时，又停了。他们很少说话，走得很快。"
JAPANESE = "道は畑の間を続いていた。誰の姿も見えなかった。雨が一時間ほど降って、また止んだ。"


def first(manuscript: Manuscript, question: str) -> str:
    """Return the text of the best passage."""
    hit = Retriever(Index(manuscript)).search(question)[0]
    assert (hit.start, hit.end) == (hit.passage.start, hit.passage.end)
    return manuscript.text[hit.start : hit.end]


@pytest.mark.parametrize(
    ("filler", "planted", "question"),
    [
        ("", "Her brother drowned off the cape.", "Where did her brother drown?"),
        ("", "They carried the wounded keeper home.", "Who is carrying the keepers?"),
        (GERMAN * 2, "Der Schlüssel lag unter den Blumentöpfen.", "Wo lagen die Schlussel?"),
        (GERMAN * 2, "Sie öffnete die Truhe mit Mühe.", "Wer hat die Truhe geöffnet?"),
        (FRENCH * 2, "L’évêque cacha la clé d’argent.", "Qui a caché la cle d'argent ?"),
        (CHINESE * 5, "小明把钥匙藏在井里。", "钥匙藏在哪里？"),
        (JAPANESE * 5, "太郎は鍵を井戸に隠した。", "鍵はどこに隠されましたか？"),
    ],
    ids=["English", "other forms", "umlaut", "German", "French", "Chinese", "Japanese"],
)
def test_the_passage_with_the_words_of_a_question(filler: str, planted: str, question: str) -> None:
    chapters = [["Nothing happened."], ["It was late.", planted, "It was dark."], ["Nothing."]]
    manuscript = novel(chapters, **({"filler": filler} if filler else {}))
    assert planted in first(manuscript, question)


def test_two_characters_together_say_more_than_each_alone() -> None:
    apart, together = "水在井里，手里有银子，河水很急。", "他喝了一杯手水。"
    assert together in first(novel([[apart], [together]], filler=CHINESE * 5), "手水")


KEY = "the green key was in the lamp room"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who hid the green key in the lamp room?", "Later Helen Chester spoke of it."),
        ("Where was the green key of the lamp room from?", "Later it was sold in Helgoland."),
        ("How many green keys were in the lamp room?", "Later there were nineteen of it."),
    ],
)
def test_a_question_for_someone_some_place_or_a_figure_prefers_one(
    question: str, answer: str
) -> None:
    known = ["Nobody but Helen Chester came to Helgoland."] * 2
    plain = f"Once {KEY}; a green key. Later there was nothing to be said of it."
    told = f"Once {KEY}. {answer}"
    manuscript = novel([[plain], ["A."], known, ["B."], [told], ["C."]])
    assert told in first(manuscript, question)
    parts = Parts(kinds=0)
    without = Retriever(Index(manuscript)).search(question, parts=parts)[0]
    assert plain in manuscript.text[without.start : without.end]


def test_a_statement_is_not_taken_for_a_question() -> None:
    manuscript = novel([[f"Once {KEY}."], ["Helen Chester came."] * 3])
    statement = "When Anna came, the keeper who was late hid the green key."
    scores = [
        [hit.score for hit in Retriever(Index(manuscript)).search(statement, parts=parts)]
        for parts in (Parts(), Parts(kinds=0))
    ]
    assert scores[0] == scores[1]


@pytest.mark.parametrize(("parts", "chapter"), [(Parts(), 3), (Parts(neighbours=0), 1)])
def test_what_is_told_around_a_passage_counts(parts: Parts, chapter: int) -> None:
    near = ["The keeper lit the lamp.", "He counted waves.", "The lamp of the keeper went out."]
    manuscript = novel([["A.", "He counted waves.", "B."], ["C."], near, ["D."]])
    question = "Did the keeper of the lamp count waves?"
    hits = Retriever(Index(manuscript)).search(question, parts=parts)
    counted = [hit for hit in hits if "waves" in manuscript.text[hit.start : hit.end]]
    assert [hit.passage.chapter for hit in counted][0::2] == [chapter]


def test_the_same_question_has_the_same_answer_and_no_more_than_asked_for() -> None:
    name, data = sample()
    retriever = retriever_of(read(data, name=name))
    hits = retriever.search("Who explains time as a dimension?", 5)
    assert hits == retriever.search("Who explains time as a dimension?", 5)
    assert hits == retriever.search("Who explains time as a dimension?")[:5]
    scores = [hit.score for hit in hits]
    assert len(hits) == 5
    assert scores == sorted(scores, reverse=True)
    assert all(hit.passage is retriever.passages[hit.passage.number] for hit in hits)


@pytest.mark.parametrize("question", ["", "?", "Zyzzyva"])
def test_nothing_is_found_where_no_word_is_there(question: str) -> None:
    assert Retriever(Index(novel([["A."], ["B."]]))).search(question) == []
    assert Retriever(Index(read(b"***", name="signs.txt"))).search(question) == []


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("When does Glenister meet Helen Chester?", ["Glenister"]),
        ("Did Helen Chester live in Minneapolis?", ["Minneapolis"]),
        ("What is a banth's telepathy?", ["banth's", "telepathy"]),
        ("When does Helen meet the keeper?", []),
        ("Does Helen's telepathy help the keeper?", []),
        ("What happens?", []),
        ("How many keepers had Helen in 1915?", []),
        ("Wer ist die Besitzerin der Lampe und des Kellers?", []),
        ("Ist Effi Briest in dem Keller und wie lange?", ["Effi Briest"]),
        ("", []),
    ],
)
def test_what_the_manuscript_does_not_speak_of(question: str, missing: list[str]) -> None:
    told = ["Helen Chester met the keeper of the lamp.", "“Helen,” said the keeper, “go.”"]
    retriever = Retriever(Index(novel([told, ["Die Lampe und der Keller waren dunkel."]])))
    assert [*retriever.unknown(question)] == missing


def test_a_manuscript_is_made_ready_once() -> None:
    name, data = sample()
    manuscript = read(data, name=name)
    assert retriever_of(manuscript) is retriever_of(read(data, name=name))


def test_what_stands_beside_a_listed_passage_steps_back() -> None:
    lamp = "The keeper lit the lamp."
    manuscript = novel([[lamp, lamp], ["A."], ["The keeper came."], ["B."]])
    question = "Did the keeper light the lamp?"
    retriever = Retriever(Index(manuscript))
    order = [
        [hit.passage.chapter for hit in retriever.search(question, 2, parts=Parts(apart=apart))]
        for apart in (0, 0.9)
    ]
    assert order == [[1, 1], [1, 3]]
