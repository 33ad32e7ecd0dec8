"""All figures of evidence of one country, in the order of the report."""

from pathlib import Path

from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.evidence.bar_charts import draw_frontline, draw_reporters
from disrupting_harm.report.figures.evidence.cybertips import draw_cybertips
from disrupting_harm.report.figures.evidence.item_scores import draw_item_scores
from disrupting_harm.report.figures.evidence.law_and_policy import draw_policy
from disrupting_harm.report.figures.evidence.offences import draw_offences
from disrupting_harm.report.figures.figure_record import FigureRecord
from disrupting_harm.report.reading.evidence_rows import Evidence


def draw_country_evidence(
    evidence: Evidence, context: FigureContext, folder: Path
) -> list[FigureRecord]:
    """Draw the figures for which there is evidence.

    Args:
        evidence: the public tables of one country.

    Raises:
        StudyError: if a table is faulty.
    """
    draw_functions = (
        draw_offences,
        draw_cybertips,
        draw_reporters,
        draw_item_scores,
        draw_frontline,
        draw_policy,
        # A figure of evidence of your own can stand here.
    )
    records = [draw(evidence, context, folder) for draw in draw_functions]
    return [record for record in records if record is not None]
