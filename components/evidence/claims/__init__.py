"""Claims about a manuscript set beside the sentence that they rest on.

`sentences` and `numbered` make a passage whose sentences have numbers; `support` sets the number of
a claim right and says what in it the sentence does not carry; `contradictions` sets side by side
what is said of one subject. The others compare: content words, figures, opposites, names.
"""
