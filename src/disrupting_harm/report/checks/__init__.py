"""Checks of finished documents, figures and pages."""
