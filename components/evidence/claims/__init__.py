"""Claims about a manuscript set beside the sentence that they rest on; see `evidence`."""
