"""Explanations of a published number: where it comes from and how it was made."""
