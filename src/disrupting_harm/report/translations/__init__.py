"""Catalogues of messages, and their translation."""
