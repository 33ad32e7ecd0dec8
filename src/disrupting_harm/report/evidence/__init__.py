"""What the documents and figures of a country say about evidence beside the survey."""
