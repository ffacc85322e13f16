"""An answer on a page: streamed, with its figures and its checked quotations."""
