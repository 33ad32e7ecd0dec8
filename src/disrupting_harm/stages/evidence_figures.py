"""Stage *evidence_figures*: what the evidence of all countries has in common."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.provenance.addresses import CONFIDENCE, at
from disrupting_harm.report.figures.alt_text import Setting
from disrupting_harm.report.figures.cuts import WIDE
from disrupting_harm.report.figures.evidence.regional import draw_regional_evidence
from disrupting_harm.report.words import english
from disrupting_harm.study.config import StudyInfo
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
    info = StudyInfo.model_validate(study)
    words = english(info.areas).annotating()
    rows = [Country.model_validate(country) for country in countries]
    setting = Setting(
        words,
        words("by {area}"),
        info.simulated,
        at(confidence, CONFIDENCE),
        info.population,
        info.survey,
        WIDE,
    )
    draw_regional_evidence(Path(public), rows, setting, Path(folder))
