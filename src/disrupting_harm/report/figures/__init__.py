"""Figures of the published results, each with its data, title, caption and alternative text."""
