"""The entry of a figure, where it was."""

from disrupting_harm.report.figures.figure_record import FigureRecord, Undrawn, UndrawnReason

__all__ = ["FigureRecord", "Undrawn", "UndrawnReason"]
