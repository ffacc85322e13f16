"""Whether an answer is a refusal: a model that says that it cannot, or will not, answer.

Only a short answer that begins with a sentence with which models refuse counts as one: an analysis
may say that its narrator cannot read, or that a passage has no climax.
"""

import re

#: A refusal is no longer than this, in words, or in characters where no spaces set words apart.
_WORDS, _CHARACTERS = 120, 260

#: Characters of the opening that are examined.
_OPENING = 400

#: Who says this says something of the text: "I cannot read this without thinking of Verne".
_WITHOUT = r"(?![^.!?\n]*\b(?:without|sans|ohne|sin|senza|sem|zonder)\b)"

_TEXT = (
    r"(?:manuscripts?|texts?|files?|documents?|images?|pictures?|photos?|attachments?|contents?|"
    r"story|novel|book|chapters?|passages?|material|requests?|questions?|information|analys[ie]s|"
    r"assistance|summary|summaries|review|critique|conversation|prompt|task|topics?)"
)

_SENTENCE = r"[^.!?。\n]"

_SORRY = (
    r"i(?:'m| am) (?:\w+ )?sorry|i(?: do| must)? apologi[sz]e|(?:my )?apologies|sorry|"
    r"unfortunately|regrettably|i regret|as an? (?:ai|artificial|(?:large )?language)\b"
)


def _pattern(sorry: str, cannot: str, does: str) -> re.Pattern[str]:
    """Compile how a language begs pardon, how it says "I cannot", and what it then cannot do."""
    return re.compile(
        rf"(?:(?:{sorry}){_SENTENCE}{{0,90}}?)?(?:{cannot}){_SENTENCE}{{0,70}}?{does}{_WITHOUT}"
    )


_REFUSALS = {
    "en": _pattern(
        _SORRY,
        r"i(?: simply| really)? (?:can't|cannot|can not|could not|won't|will not|must decline to|"
        r"am (?:currently )?(?:unable|not able) to|don't have access|do not have access|"
        r"have no access)|i'm (?:currently )?(?:unable|not able) to|i'm afraid i (?:can't|cannot)",
        r"(?:assist|comply|fulfil|engage in|engage with|participate|help (?:you )?with|"
        r"to (?:the |your |any |this )?(?:\w+ )?" + _TEXT + r"|"
        r"(?:do|continue|write|create)(?: with)? (?:that|this|so)\b|"
        r"(?:directly )?(?:read|access|open|view|see|analy[sz]e|review|provide|discuss|process|"
        r"generate|answer|respond to|summari[sz]e|complete|evaluate|offer)"
        r"(?:,? (?:or|and) \w+)? (?:the |this |that |any |your |an? |these |those |such )?"
        r"(?:of )?(?:\w+ )?" + _TEXT + r"\b)",
    ),
    "fr": _pattern(
        r"je suis (?:vraiment |sincèrement )?désolée?|désolée?|je m'excuse|malheureusement|"
        r"en tant qu(?:'|e )(?:une? )?(?:ia|intelligence|assistant|modèle)",
        r"je ne (?:peux|puis) (?:malheureusement )?pas|je ne suis pas (?:en mesure|capable)|"
        r"je n'ai pas|il m'est impossible",
        r"(?:vous aider|t'aider|aider (?:à|avec)|lire|accès|accéder|analyser|répondre|fournir|"
        r"traiter|donner suite)",
    ),
    "de": _pattern(
        r"(?:es )?tut mir (?:sehr )?leid|entschuldigung|entschuldige|verzeihung|leider|"
        r"ich bedaure|als (?:ki|künstliche|sprachmodell|ein sprachmodell|ai)\b",
        r"(?:ich kann|kann ich|ich bin|bin ich|ich habe|habe ich)\b(?=[^.!?\n]*\b(?:nicht|kein))",
        r"(?:lesen|helfen|weiterhelfen|analysieren|beantworten|öffnen|zugriff|zugreifen|"
        r"bearbeiten|bereitstellen|unterstützen|behilflich|verarbeiten|nachkommen)",
    ),
    "es": _pattern(
        r"lo (?:siento|lamento)|disculp[ae]\w*|perdón|lamentablemente|desafortunadamente|"
        r"como (?:un )?(?:modelo|ia|inteligencia|asistente)",
        r"(?:yo )?no (?:puedo|me es posible|soy capaz|estoy en condiciones|tengo)",
        r"(?:ayudar|leer|acceso|acceder|analizar|responder|proporcionar|procesar|cumplir|"
        r"asistir)",
    ),
    "it": _pattern(
        r"mi dispiace|mi scuso|spiacente|purtroppo|"
        r"come (?:un )?(?:modello|ia|intelligenza|assistente)",
        r"(?:io )?non (?:posso|sono in grado|riesco|ho)",
        r"(?:aiutar|leggere|accesso|accedere|analizzare|rispondere|fornire|elaborare|soddisfare|"
        r"assister)",
    ),
    "pt": _pattern(
        r"(?:me )?desculp[ae]|sinto muito|lamento|peço desculpas?|infelizmente|"
        r"como (?:um )?(?:modelo|ia|inteligência|assistente)",
        r"(?:eu )?não (?:posso|consigo|sou capaz|tenho|me é possível)",
        r"(?:ajud|ler\b|acesso|acessar|aceder|analisar|responder|fornecer|processar|atender|"
        r"auxiliar)",
    ),
    "nl": _pattern(
        r"het spijt me|sorry|helaas|mijn excuses|als (?:een )?(?:ai|taalmodel|kunstmatige)",
        r"(?:ik kan|kan ik|ik ben|ben ik|ik heb|heb ik)\b(?=[^.!?\n]*\b(?:niet|geen)\b)",
        r"(?:helpen|lezen|openen|analyseren|beantwoorden|verwerken|voldoen|toegang|in staat)",
    ),
    "zh": _pattern(
        r"(?:我)?(?:很|非常|十分|感到)?(?:抱歉|对不起|對不起|遗憾|遺憾|不好意思)|"
        r"作为(?:一个|一名)?(?:ai|人工智能|语言模型|大型)|作為(?:一個|一名)?(?:ai|人工智慧|語言模型)",
        r"(?:我)?(?:暂时|目前|并|還|还)?(?:无法|無法|不能|没有办法|没法)",
        r"(?:阅读|閱讀|读取|讀取|访问|訪問|打开|回答|提供|协助|協助|帮助|幫助|分析|处理|處理|满足|"
        r"查看|讨论|討論)",
    ),
    "ko": _pattern(
        r"(?:정말 )?(?:죄송|미안|유감)[^.\n]{0,8}",
        r"(?:저는|제가|이|그|해당|요청|원고|질문|텍스트)[^.\n]{0,30}?",
        r"(?:읽|접근|답변|제공|도와|도움|분석|처리)[^.\n]{0,16}(?:수 없|못)",
    ),
    "ja": _pattern(
        r"(?:大変|誠に)?(?:申し訳|すみません|恐れ入ります|残念ながら)|(?:私は)?ai(?:言語モデル)?として",
        r"(?:この|その|ご|お|私)[^。\n]{0,40}?",
        r"(?:読|アクセス|開く|お答え|回答|提供|手伝|支援|分析|対応|お応え|処理)[^。\n]{0,16}"
        r"(?:できません|できかね|いたしかね|致しかね)",
    ),
}

#: What models say before they ask for a text that they have.
_WILLING = (
    r"(?:sure|of course|certainly|absolutely|great|hello|hi|i understand)(?: thing)?[!.,]|"
    r"(?:i'd|i would|i'll|i will|i am|i'm) (?:be )?(?:happy|glad|ready|delighted) to|i can help"
)

#: Says that there is nothing to read, or that it is not fit to be talked about.
_OTHERS = [
    re.compile(
        rf"(?:(?:{_SORRY}){_SENTENCE}{{0,40}}?)?"
        r"(?:(?:i (?:do not|don't) (?:see|have)|there (?:is|was)|it (?:looks|seems|appears)"
        r" (?:like |that )?(?:there (?:is|was) )?)"
        rf"(?: (?:any|the|a|no))? ?(?:no )?(?:\w+ )?{_TEXT}"
        r" (?:provided|attached|given|uploaded|to (?:read|analy[sz]e|review))|"
        r"please (?:provide|share|upload|paste|send)(?: me)?(?: with)? (?:the|your|a)"
        rf"(?: \w+)? {_TEXT})"
    ),
    re.compile(
        rf"(?:{_WILLING})[^\n]{{0,250}}?(?:"
        rf"(?:please|could you|can you|you can){_SENTENCE}{{0,20}}?"
        r"(?:provide|share|upload|paste|send)(?: me)?(?: with)?|i(?: would|'d| will|'ll)? need)"
        rf" (?:the|your|a|any)(?: \w+)? {_TEXT}"
    ),
    re.compile(
        rf"(?:{_SORRY}){_SENTENCE}{{0,160}}?"
        r"(?:inappropriate|not appropriate|sensitive (?:and|or|content|topic)|harmful|"
        r"(?:my|our|content) (?:guidelines|polic))"
    ),
]


def is_refusal(answer: str) -> bool:
    """Return whether a whole answer is a refusal and nothing more."""
    if len(answer.split()) > _WORDS or (not answer.isascii() and _is_long_unspaced(answer)):
        return False
    opening = answer.strip().lstrip("*_#>- ")[:_OPENING].casefold().replace("’", "'")
    return any(pattern.match(opening) for pattern in (*_REFUSALS.values(), *_OTHERS))


def _is_long_unspaced(answer: str) -> bool:
    return sum(char > "\u2e80" for char in answer) > _CHARACTERS
