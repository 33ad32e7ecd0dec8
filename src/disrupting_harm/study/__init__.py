"""The study: its configuration, codebook, and the microdata of its surveys."""
