"""Stage *evidence_figures*: what the evidence of all countries has in common."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.report.figures.evidence.regional_evidence import draw_regional_evidence
from disrupting_harm.report.figures.regional_context import create_regional_context
from disrupting_harm.study.countries import Country


def draw_regional_evidence_figures(
    *,
    countries: Sequence[dict[str, Any]],
    study: dict[str, Any],
    confidence: float,
    public: str,
    folder: str,
) -> None:
    """Draw what the evidence of all countries has in common."""
    rows = [Country.model_validate(country) for country in countries]
    draw_regional_evidence(
        Path(public), rows, create_regional_context(study, confidence), Path(folder)
    )
