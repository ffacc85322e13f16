"""What is asked: of which model, with which options, in which words, of what part of the text."""
