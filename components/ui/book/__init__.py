"""The page Whole book."""
