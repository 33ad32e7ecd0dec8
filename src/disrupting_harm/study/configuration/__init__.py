"""The configuration of a study."""
