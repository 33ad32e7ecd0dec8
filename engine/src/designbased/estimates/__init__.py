"""Tables of estimates, intervals, differences and tests."""
