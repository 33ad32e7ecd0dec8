"""The codebook: items, indicators and domains."""
