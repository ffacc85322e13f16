from __future__ import annotations

import pytest

from components.manuscripts.text.language_detection import (
    contradicts,
    detect,
    is_tested,
    tag_of,
)
from tests.manuscripts.novels import prose

SAMPLES = {
    "fr": "Il n’était pas là, et elle ne savait plus que faire de la maison ni du jardin. ",
    "de": "Er war nicht zu Hause, und sie wußte nicht, was sie mit dem Garten machen sollte. ",
    "es": "No estaba en la casa, y ella no sabía lo que había de hacer con el jardín. ",
    "it": "Non era in casa, e lei non sapeva che cosa fare con il giardino della nonna. ",
    "nl": "Hij was niet thuis en ze wist niet wat ze met het huis van haar vader moest doen. ",
    "pt": "Ele não estava em casa, e ela não sabia o que fazer com o jardim da avó. ",
    "ru": "Его не было дома, и она не знала, что ей делать с этим садом и как быть. ",
    "pl": "Nie było go w domu i ona nie wiedziała, co się z tym stało, ale to był jej dom. ",
    "sv": "Han var inte hemma och hon visste inte vad hon skulle göra med det som var kvar. ",
    "fi": "Hän ei ollut kotona, ja se oli hänen talonsa, mutta kun hän ei tiennyt, niin se. ",
    "cs": "Když se vrátil, nebylo v domě nikoho a on se jí ptal, kde je, ale to už za ním nešla. ",
    "da": "Han var ikke hjemme, og hun vidste ikke, hvad der skulle ske med det, som var i "
    "huset af sten. ",
    "no": "Han var ikke hjemme, og hun visste ikke hva som skulle skje med det hun så fra "
    "huset av stein. ",
    "hu": "Nem volt otthon, és az asszony nem is tudta, hogy mit kell csak tenni a "
    "kerttel, de ez már volt. ",
    "ro": "El nu era acasă și ea nu mai știa ce să facă cu grădina, dar au fost din nou la "
    "o poartă. ",
    "tr": "O gün evde değildi ve bu kadar çok şey için bir daha ne diye sordu, ama sonra "
    "da gelmedi. ",
    "uk": "Він не був удома, і вона не знала, що їй робити з цим садом, але за це все було "
    "по ньому та її. ",
    "el": "Δεν ήταν στο σπίτι και δεν ήξερε τι να κάνει με τον κήπο. ",
    "ar": "لم يكن في البيت ولم تعرف ما الذي كان على هذا الطريق من كل مكان إلى البحر. ",
    "fa": "او در خانه نبود و نمی دانست که با این باغ چه کند و آن را از یک مرد برای خود خرید. ",
    "he": "הוא לא היה בבית והיא לא ידעה מה לעשות עם הגן של סבתא. ",
    "hi": "वह घर पर नहीं था और उसे पता नहीं था कि बगीचे का क्या करे। ",
    "bn": "সে বাড়িতে ছিল না আর সে জানত না বাগান নিয়ে কি করবে। ",
    "th": "เขาไม่อยู่บ้านและเธอไม่รู้ว่าจะทำอย่างไรกับสวน ",
    "ko": "그는 집에 없었고 그녀는 정원을 어떻게 해야 할지 몰랐다. ",
    "ja": "吾輩は猫である。名前はまだ無い。",
    "zh": "他不在家里，她不知道该怎么办。",
}


@pytest.mark.parametrize("tag", SAMPLES)
def test_languages(tag):
    assert detect(SAMPLES[tag] * 10) == tag


def test_english():
    assert detect(prose(1)) == "en"


def test_a_short_text_has_a_language_where_a_few_words_are_enough():
    sentence = "It was the best of times, and he had seen it with the eyes of a man at sea."
    assert (detect(sentence), detect(sentence, least=6)) == ("", "en")


@pytest.mark.parametrize("text", ["", "The end.", "Lorem ipsum dolor sit amet consectetur " * 20])
def test_unsure(text):
    assert detect(text) == ""


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("English", "en"),
        (" german ", "de"),
        ("Czech", "cs"),
        ("cs", "cs"),
        ("Norwegian", "no"),
        ("plain words", ""),
        ("xx", ""),
        ("", ""),
    ],
)
def test_the_tag_of_a_language_that_an_editor_named(name: str, tag: str) -> None:
    assert tag_of(name) == tag


@pytest.mark.parametrize(
    ("shown", "said", "wrong"),
    [("zh", "en", True), ("ja", "zh-CN", True), ("da", "no", False), ("de", "en", True)],
)
def test_what_a_file_says_against_its_text(shown: str, said: str, wrong: bool) -> None:
    assert contradicts(shown, said) is wrong


def test_pages_say_which_languages_nothing_tests() -> None:
    tags = ("zh", "nb", "pt-BR", "ca", "hr", "la", "")
    assert [is_tested(tag) for tag in tags] == [True] * 3 + [False] * 4
