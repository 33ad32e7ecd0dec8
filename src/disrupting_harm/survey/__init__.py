"""Survey statistics: arrays and designs in, numbers out."""
