"""Claims about a manuscript set beside the sentence that they rest on.

`sentences` cuts a passage; `support` finds the sentence of a claim and says what in it the sentence
does not carry; `contradictions` sets side by side what is said of one subject. The others compare:
content words, figures, opposites, names.
"""
