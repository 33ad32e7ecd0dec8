"""Plans of a survey: how large a sample must be for what is to be published."""
