"""A report on its page, beside an analysis on the page Analyse."""
