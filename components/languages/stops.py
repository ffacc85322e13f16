"""The signs that end a sentence, of all languages together: none means anything else in another."""

#: White space follows: Latin and Cyrillic; Arabic and Persian; Urdu; Hindi and Bengali.
SPACED_STOPS = ".!?…؟۔।॥"

#: None follows: Chinese and Japanese.
WIDE_STOPS = "。！？｡"
