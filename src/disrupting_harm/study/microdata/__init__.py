"""Raw files of a survey, as checked frames."""
