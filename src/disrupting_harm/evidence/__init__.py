"""Evidence on threats and context beside the survey."""
