"""Public tables as documents read them."""
