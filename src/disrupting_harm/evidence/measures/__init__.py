"""What public tables of evidence hold: rates, changes, shares, ranks, and what may be shown."""
