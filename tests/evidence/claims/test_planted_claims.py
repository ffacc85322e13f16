"""No planted falsehood is blessed, no true claim is refused.

A claim is blessed when it has a sentence and no doubt. The passages are made up, but for the
three openings of the third: Wells, Verne and Kafka.
"""

from __future__ import annotations

from functools import cache

import pytest

from components.evidence import Index, doubts, find_sentence, sentences
from components.manuscripts import read

TEXT = """Chapter 1

On Monday, the fourth of March 1887, Mr. Halloran walked down to the harbour with his daughter Ruth.
She was nineteen, and she had never seen a steamer before. “Is that the one?” she asked. “That is
the Cormorant,” said Halloran. “She leaves at six.”

The captain, a Dane named Jorgensen, counted his passengers twice and found twenty-four of them.
One was a widow in grey gloves who carried a birdcage under a black cloth. Nobody knew what was in
it. A boy from Cork sold Ruth a paper of cherries for three pence.

Halloran did not tell his daughter about the letter in his coat. It had come from the bank in
Dublin, and it gave him thirty days. He folded the green blanket over her knees and looked at the
water.

Chapter 2

The storm broke on Thursday night. Jorgensen ordered the hatches closed and sent the passengers
below. The widow would not leave the deck. She held the cage against the mast and sang to it in a
low voice.

At midnight the lantern went out, and the mate, Thomas Quill, lit it again with the captain’s own
matches. Quill was not afraid of the sea. His brother had drowned off Galway in the spring, and he
had sworn to hate it, which is another thing. Ruth slept through all of it with the cherries in her
lap.

In the morning the cage was open. A white parrot sat on the rail and said the name of the widow’s
husband. Halloran burned the letter in the galley stove.

Chapter 3

The Time Traveller (for so it will be convenient to speak of him) was expounding a recondite matter
to us. His pale grey eyes shone and twinkled, and his usually pale face was flushed and animated.
The fire burnt brightly, and the soft radiance of the incandescent lights in the lilies of silver
caught the bubbles that flashed and passed in our glasses.

En l’année 1872, la maison portant le numéro 7 de Saville-row, Burlington Gardens, était habitée par
Phileas Fogg, esq., l’un des membres les plus singuliers et les plus remarqués du Reform-Club de
Londres. On ne le voyait jamais à la Bourse.

Als Gregor Samsa eines Morgens aus unruhigen Träumen erwachte, fand er sich in seinem Bett zu einem
ungeheueren Ungeziefer verwandelt. Es war kein Traum.

Chapter 4

Clara Venn kept the bell tower at Lowmoor. Only Clara heard the bell that night, for the village
slept. The sergeant was shot on the bridge by a man in a grey coat. His daughter Anna struck Peter
with a broom, and Peter laughed. Clara’s brother closed the shop at noon.

There are really four dimensions, said the vicar, and nobody in the parlour believed him. The thief
was almost caught at the ford. A widow in grey gloves carried a birdcage under a black cloth. Some
passengers came on deck, but the others stayed below.

Chapter 5

A stranger bought the ferry for forty guineas. Anna dreamed that the ferry sank in the river. The
doctor opened the window and the bees flew out. Peter arrived at the mill before Anna. The vicar
sold two horses and three cows in the market.

The old miller died in the winter. He refused to leave the mill. All the children sang in the
chapel. The third letter came from Dublin, and a swarm of bees followed the cart. Peter believed
that Anna was dead.
"""

#: A claim, the chapter, words of the sentence it rests on.
TRUE = [
    ("Mr. Halloran walks to the harbour with his daughter Ruth on a Monday.", 1, "On Monday"),
    ("Halloran walked down to the harbour on 4 March 1887.", 1, "On Monday"),
    ("Ruth is 19 and has never seen a steamer.", 1, "She was nineteen"),
    ("Ruth had never seen a steamer before.", 1, "She was nineteen"),
    ("The Cormorant leaves at 6.", 1, "She leaves at six"),
    ("The captain is a Dane named Jorgensen.", 1, "The captain"),
    ("Jorgensen counts 24 passengers.", 1, "The captain"),
    ("The captain finds twenty-four passengers after counting twice.", 1, "The captain"),
    ("A widow carries a birdcage under a black cloth.", 1, "One was a widow"),
    ("No one knows what is in the widow's cage.", 1, "Nobody knew"),
    ("A boy from Cork sells Ruth cherries for 3 pence.", 1, "A boy from Cork"),
    ("Halloran hides a letter from his daughter.", 1, "Halloran did not tell"),
    ("Halloran does not tell Ruth about the letter in his coat.", 1, "Halloran did not tell"),
    ("The bank in Dublin gives Halloran thirty days.", 1, "It had come"),
    ("He folds a green blanket over his daughter's knees.", 1, "He folded"),
    ("The storm breaks on a Thursday night.", 2, "The storm broke"),
    ("Jorgensen sends the passengers below and has the hatches closed.", 2, "Jorgensen"),
    ("The widow refuses to leave the deck.", 2, "The widow would not"),
    ("She sings to the cage in a low voice.", 2, "She held"),
    ("Thomas Quill relights the lantern with the captain's matches.", 2, "At midnight"),
    ("Quill, the mate, is not afraid of the sea.", 2, "Quill was not"),
    ("Quill's brother drowned off Galway.", 2, "His brother"),
    ("Ruth sleeps through the storm with cherries in her lap.", 2, "Ruth slept"),
    ("The parrot is white and says the name of the widow's husband.", 2, "A white parrot"),
    ("Halloran burns the letter in the stove.", 2, "Halloran burned"),
    ("The Time Traveller expounds a recondite matter.", 3, "The Time Traveller"),
    ("The Traveller has pale grey eyes.", 3, "His pale grey eyes"),
    ("La maison de Saville-row est habitée par Phileas Fogg en 1872.", 3, "En l’année 1872"),
    ("Phileas Fogg n'est jamais vu à la Bourse.", 3, "On ne le voyait"),
    ("Gregor Samsa erwacht aus unruhigen Träumen.", 3, "Als Gregor"),
    ("Gregor findet sich zu einem Ungeziefer verwandelt.", 3, "Als Gregor"),
    ("No one but Clara hears the bell.", 4, "Only Clara heard"),
    ("Nobody except Clara heard the bell that night.", 4, "Only Clara heard"),
    ("Only Clara hears the bell.", 4, "Only Clara heard"),
    ("Not all the passengers come on deck.", 4, "Some passengers came"),
    ("The thief is not caught at the ford.", 4, "The thief was"),
    ("The thief is almost caught at the ford.", 4, "The thief was"),
    ("The thief is nearly caught at the ford.", 4, "The thief was"),
    ("There are 4 dimensions.", 4, "There are really"),
    ("The vicar says there are 4 dimensions.", 4, "There are really"),
    ("There are four dimensions.", 4, "There are really"),
    ("A man in a grey coat shoots the sergeant on the bridge.", 4, "The sergeant was"),
    ("Anna strikes Peter with a broom.", 4, "His daughter Anna"),
    ("Peter is struck by Anna with a broom.", 4, "His daughter Anna"),
    ("Clara's brother closes the shop at noon.", 4, "brother closed"),
    ("The brother of Clara closes the shop at noon.", 4, "brother closed"),
    ("A stranger buys the ferry for 40 guineas.", 5, "A stranger bought"),
    ("Anna dreams that the ferry sinks in the river.", 5, "Anna dreamed that"),
    ("The doctor opens the window.", 5, "The doctor opened"),
    ("Peter arrives at the mill before Anna.", 5, "Peter arrived at"),
    ("The vicar sells two horses and three cows.", 5, "The vicar sold"),
    ("The miller dies in the winter.", 5, "The old miller"),
    ("The miller refuses to leave the mill.", 5, "He refused to"),
    ("The miller would not leave the mill.", 5, "He refused to"),
    ("All the children sing in the chapel.", 5, "All the children"),
    ("The third letter comes from Dublin.", 5, "The third letter"),
    ("Peter believes that Anna is dead.", 5, "Peter believed that"),
    ("Bees follow the cart.", 5, "The third letter"),
    ("Nobody in the parlour believes the vicar.", 4, "There are really"),
    ("A widow with grey gloves carries a birdcage.", 4, "A widow in"),
    ("Villagers sleep while Clara hears the bell.", 4, "Only Clara heard"),
    ("Despite the hour, Clara hears the bell.", 4, "Only Clara heard"),
    ("In the parlour nobody believes the vicar.", 4, "There are really"),
    ("Reluctantly the miller refuses to leave the mill.", 5, "He refused to"),
]

FALSE = {
    "changed word": [
        ("Mr. Halloran walks down to the harbour with his son Ruth.", 1),
        ("A widow carries a birdcage under a white cloth.", 1),
        ("He folds a red blanket over her knees.", 1),
        ("Jorgensen ordered the hatches opened and sent the passengers below.", 2),
        ("She held the cage against the door and sang to it in a low voice.", 2),
        ("The parrot said the name of the widow's brother.", 2),
        ("Halloran burned the ticket in the galley stove.", 2),
        ("His sister had drowned off Galway.", 2),
        ("In the evening the cage was open.", 2),
        ("He has sworn to love it, which is another thing.", 2),
        ("The Time Traveller's dark grey eyes shone and twinkled.", 3),
    ],
    "negation dropped or added": [
        ("Ruth had seen a steamer before.", 1),
        ("Halloran told his daughter about the letter in his coat.", 1),
        ("Quill was afraid of the sea.", 2),
        ("The widow would leave the deck.", 2),
        ("The storm did not break on Thursday night.", 2),
        ("Halloran never burned the letter in the galley stove.", 2),
        ("Everybody knew what was in it.", 1),
        ("On le voyait à la Bourse.", 3),
        ("Es war ein Traum.", 3),
        ("Gregor erwachte nicht aus unruhigen Träumen.", 3),
    ],
    "another chapter": [
        ("Halloran burns the letter in the stove.", 1),
        ("The storm breaks on Thursday night.", 1),
        ("A boy from Cork sells cherries for three pence.", 2),
        ("Thomas Quill relights the lantern at midnight.", 1),
        ("The bank in Dublin gives Halloran thirty days.", 2),
        ("Gregor Samsa wakes from unquiet dreams.", 1),
        ("The Time Traveller's eyes twinkle as he speaks of the fourth dimension.", 2),
        ("Jorgensen, a Dane, counts his passengers twice.", 3),
    ],
    "invented name": [
        ("Mr. Pemberton walks to the harbour with his daughter Ruth.", 1),
        ("The captain, a Dane named Christiansen, counts his passengers.", 1),
        ("Margaret carries a birdcage under a black cloth.", 1),
        ("Arthur Quill lit the lantern again with the captain's own matches.", 2),
        ("The letter had come from the bank in Belfast.", 1),
        ("Quill's brother drowned off Northamptonshire.", 2),
        ("Lady Ashworth's parrot sat on the rail.", 2),
    ],
    "name of somebody else": [
        ("Jorgensen burned the letter in the galley stove.", 2),
        ("Halloran lit the lantern again with the captain's own matches.", 2),
        ("A boy from Galway sold Ruth a paper of cherries.", 1),
    ],
    "chapter named": [
        ("In Chapter 6 the storm breaks on Thursday night.", 2),
        ("The cage is open (chapter seven).", 2),
        ("As in Chapter II, Ruth slept through all of it.", 2),
        ("The sixth chapter ends when Halloran burns the letter.", 2),
        ("Halloran burns the letter in the final chapter.", 2),
        ("Im 3. Kapitel erwacht Gregor aus unruhigen Träumen.", 3),
    ],
    "date moved": [
        ("Mr. Halloran walks down to the harbour on a Tuesday.", 1),
        ("Halloran walked down to the harbour in May 1887.", 1),
        ("Halloran walked down to the harbour on the fourteenth of March.", 1),
        ("Mr. Halloran walked to the harbour in 1878.", 1),
        ("The storm breaks on Friday night.", 2),
        ("At noon the lantern went out, and the mate lit it again.", 2),
        ("His brother had drowned off Galway in the autumn.", 2),
        ("En l'année 1873, la maison était habitée par Phileas Fogg.", 3),
    ],
    "figure changed": [
        ("Ruth is twenty-one and has never seen a steamer before.", 1),
        ("The captain counts forty-two passengers.", 1),
        ("Jorgensen counted 23 passengers.", 1),
        ("The Cormorant leaves at eight.", 1),
        ("The letter from the bank gives him 60 days.", 1),
        ("A boy from Cork sold Ruth cherries for five pence.", 1),
        ("La maison porte le numéro 9 de Saville-row.", 3),
    ],
    "invented name, first or ordinary": [
        ("Zoltan shot the sergeant on the bridge.", 4),
        ("Zoltan, the vicar, says there are four dimensions.", 4),
        ("Nicholas bought the ferry for forty guineas.", 5),
        ("Charles shot the sergeant on the bridge.", 4),
        ("Emily carried a birdcage under a black cloth.", 4),
        ("Florence kept the bell tower at Lowmoor.", 4),
        ("Julian shot the sergeant on the bridge.", 4),
        ("Christian bought the ferry for forty guineas.", 5),
        ("Martin sold two horses and three cows.", 5),
        ("Mr. Hardy sold two horses and three cows in the market.", 5),
        ("Adam King bought the ferry for forty guineas.", 5),
        ("zoltan shot the sergeant on the bridge.", 4),
        ("ZOLTAN SHOT THE SERGEANT ON THE BRIDGE.", 4),
        ("The sergeant was shot on the bridge by Julian.", 4),
        ("The ferry was bought for forty guineas by Adam King.", 5),
        ("THE SERGEANT WAS SHOT ON THE BRIDGE BY ZOLTAN", 4),
        ("The sergeant was shot on the bridge by Martin.", 4),
    ],
    "place in the book": [
        ("In the epilogue the thief is almost caught at the ford.", 4),
        ("At the end of the novel the miller died in the winter.", 5),
        ("In the final chapter the doctor opened the window.", 5),
        ("In the prologue Clara kept the bell tower.", 4),
    ],
    "figure that is none in digits": [
        ("Dozens of passengers came on deck.", 4),
        ("Hundreds of children sang in the chapel.", 5),
        ("The fourth letter came from Dublin.", 5),
        ("Three widows in grey gloves carried a birdcage.", 4),
        ("Two strangers bought the ferry for forty guineas.", 5),
    ],
    "roles swapped": [
        ("Peter struck Anna with a broom.", 4),
        ("Anna is struck by Peter with a broom.", 4),
    ],
    "modality": [
        ("The thief is caught at the ford.", 4),
        ("The ferry sank in the river.", 5),
        ("Anna was dead.", 5),
        ("The miller left the mill.", 5),
        ("All passengers came on deck.", 4),
        ("Some children sang in the chapel.", 5),
        ("Not all the children sang in the chapel.", 5),
        ("No one hears the bell.", 4),
        ("A stranger almost bought the ferry for forty guineas.", 5),
    ],
    "opposite verb": [
        ("The doctor closed the window and the bees flew out.", 5),
        ("Peter left the mill before Anna.", 5),
        ("The vicar bought two horses and three cows.", 5),
        ("The old miller lived in the winter.", 5),
        ("A stranger sells the ferry for forty guineas.", 5),
        ("Clara's brother opens the shop at noon.", 4),
    ],
    "owner for thing": [
        ("Clara closed the shop at noon.", 4),
    ],
    "exchanged": [
        ("The vicar sold three horses and two cows in the market.", 5),
        ("A widow in black gloves carried a birdcage under a grey cloth.", 4),
    ],
}


@cache
def index() -> Index:
    return Index(read(TEXT.encode(), name="cormorant.txt"))


def judged(claim: str, chapter: int) -> tuple[str | None, set[str]]:
    """The sentence that a claim about a chapter rests on, and the kinds of doubt."""
    text = index().text
    stretch = index().chapters[chapter - 1]
    spans = sentences(text, stretch.start, stretch.end)
    at = find_sentence(claim, text, spans)
    if at is None:
        return None, set()
    sentence = text[slice(*spans[at])]
    around = text[spans[max(at - 1, 0)][0] : spans[min(at + 1, len(spans) - 1)][1]]
    return sentence, {doubt.kind for doubt in doubts(claim, sentence, index(), around=around)}


@pytest.mark.parametrize(("claim", "chapter", "rests_on"), TRUE)
def test_a_true_claim_is_not_refused(claim: str, chapter: int, rests_on: str) -> None:
    sentence, kinds = judged(claim, chapter)
    assert sentence is not None
    assert rests_on in sentence
    assert not kinds


@pytest.mark.parametrize(
    ("claim", "chapter"),
    [case for cases in FALSE.values() for case in cases],
)
def test_a_false_claim_is_not_blessed(claim: str, chapter: int) -> None:
    sentence, kinds = judged(claim, chapter)
    assert sentence is None or kinds, sentence
