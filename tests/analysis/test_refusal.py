"""What is a refusal, and what only sounds like one."""

from __future__ import annotations

import pytest

from components.analysis.refusal import is_refusal

REFUSALS = (
    "I'm sorry, but I cannot read the manuscript.",
    "I’m sorry, but I can’t assist with that request.",
    "I'm very sorry, but as an AI language model I am unable to analyze this text.",
    "I apologize, but I cannot provide an analysis of this story as it contains violence.",
    "Sorry, I can't help with that.",
    "As an AI language model, I do not have access to the manuscript.",
    "Unfortunately, I am not able to open files or documents. Please paste the text here.",
    "I cannot fulfill this request.",
    "I cannot read or analyze the manuscript, since none was given to me.",
    "I'm sorry, but the text contains sensitive and potentially inappropriate topics.",
    "Please provide the manuscript you would like me to analyze.",
    "I don't see any manuscript attached. Could you share it?",
    "**I'm sorry, but I cannot answer this question.**",
    "I'm sorry, but as an AI language model, I am not able to do that.",
    "I'm sorry, I can't continue with this.",
    "I won't write that.",
    "Sure! Please provide the text you would like me to analyze.",
    "I'd be happy to help! Please provide the manuscript.",
    "Of course. Could you please share the manuscript?",
    "Certainly! However, I need the text of the manuscript to begin.",
    "I'm ready to help you craft a compelling story. Please share the manuscript above with me.",
    "Je suis désolé, mais je ne peux pas lire ce manuscrit.",
    "Désolée, je ne suis pas en mesure de vous aider.",
    "Es tut mir leid, aber ich kann dieses Manuskript nicht lesen.",
    "Leider kann ich Ihnen dabei nicht helfen.",
    "Lo siento, pero no puedo ayudarte con eso.",
    "Lo siento, no tengo acceso al manuscrito.",
    "Mi dispiace, ma non posso leggere il manoscritto.",
    "Desculpe, mas não posso ajudar com isso.",
    "Het spijt me, maar ik kan het manuscript niet lezen.",
    "很抱歉，我无法阅读这份手稿。",
    "对不起，作为一个人工智能语言模型，我不能回答这个问题。",
    "抱歉，我無法協助處理這個請求。",
    "申し訳ありませんが、この原稿を読むことはできません。",
    "申し訳ございませんが、そのご質問にはお答えできません。",
    "죄송하지만 이 원고를 읽을 수 없습니다.",
)

ANSWERS = (
    "The narrator cannot read the letter, and that is the point of the scene.",
    "I cannot find a climax in this passage: it ends before the proof is shown.",
    "I can't see a climax in this chapter; the machine is only promised.",
    "I am sorry for the mayor, who cannot read the room.",
    "I'm sorry, but I cannot find any dialogue between the two sisters in this chapter.",
    "“I’m sorry, but I cannot read the manuscript,” says the editor in the first scene.",
    "Unfortunately for the doctor, the Time Traveller cannot help him.",
    "I cannot read this passage without thinking of Verne.",
    "I cannot help thinking that the opening is too slow.",
    "Sorry is the word that the mother never says.",
    "There is no text in the picture.",
    "Certainly the best scene: Filby asks him to please share the text of his talk.",
    "Of course, the mother wants to share the secret, and Anna needs to send the letter.",
    "Sure, you can feel the dread; she will not write that letter.",
    "I can't continue without praising the third scene.",
    "The story is about a man who cannot provide an answer to his own question.",
    "Leider kann ich in diesem Kapitel keinen Höhepunkt finden.",
    "Je ne peux pas lire ce passage sans penser à Verne.",
    "Malheureusement, le héros ne peut pas aider ses amis.",
    "No puedo encontrar un clímax en este pasaje.",
    "Purtroppo il protagonista non può leggere la lettera.",
    "很遗憾，主人公没有回来。",
    "很抱歉的是，这一章里没有高潮。",
    "残念ながら、主人公は手紙を読むことができない。",
    "",
)


@pytest.mark.parametrize("answer", REFUSALS)
def test_a_refusal_is_one(answer: str) -> None:
    assert is_refusal(answer)
    assert is_refusal(f"\n{answer}\n")


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_is_none(answer: str) -> None:
    assert not is_refusal(answer)


@pytest.mark.parametrize("answer", REFUSALS)
def test_what_is_followed_by_a_real_answer_is_none(answer: str) -> None:
    assert not is_refusal(answer + "\n\n" + "The opening sets a table for five guests. " * 20)
    assert not is_refusal("It opens on a dinner. " + answer)


def test_it_is_quick_on_what_nearly_matches() -> None:
    assert not is_refusal("I'm sorry " * 40)
    assert not is_refusal("unfortunately " * 100)
