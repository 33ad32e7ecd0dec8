"""Texts in a reader's language: messages, numbers, names and signs."""
