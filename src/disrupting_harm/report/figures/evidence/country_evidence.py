"""All figures of evidence of one country, in the order of the report."""

from pathlib import Path

from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.evidence.cybertips import draw_cybertips
from disrupting_harm.report.figures.evidence.item_scores import draw_item_scores
from disrupting_harm.report.figures.evidence.law_and_policy import draw_policy
from disrupting_harm.report.figures.evidence.reporters import draw_reporters
from disrupting_harm.report.figures.figure_record import FigureRecord
from disrupting_harm.report.reading.evidence_rows import Evidence


def draw_country_evidence(
    evidence: Evidence, country: str, context: FigureContext, folder: Path
) -> list[FigureRecord]:
    """Draw the figures for which there is evidence.

    Args:
        evidence: the public tables of all countries: a part of the national response says in how
            many others it is in place.

    Raises:
        StudyError: if a table is faulty.
    """
    evidence_of_country = evidence.of(country)
    records = [
        draw_cybertips(evidence_of_country, context, folder),
        draw_reporters(evidence_of_country, context, folder),
        draw_item_scores(evidence_of_country, context, folder),
        draw_policy(evidence.rows("policy"), country, context, folder),
        # A figure of evidence of your own can stand here.
    ]
    return [record for record in records if record is not None]
