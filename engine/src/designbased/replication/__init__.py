"""Replicate weights and the estimates that use them."""
