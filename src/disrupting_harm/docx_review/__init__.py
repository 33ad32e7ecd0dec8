"""Word files that come back edited: what was changed, what is refused, what can be taken over."""
