"""The page Manuscript: its chapters, to be read and corrected."""
