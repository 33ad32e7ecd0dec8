"""Figures, documents and the site, made from public tables alone."""
