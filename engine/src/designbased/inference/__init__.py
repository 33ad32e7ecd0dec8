"""Tests and comparisons of estimates: t tests, contrasts, covariance, association."""
