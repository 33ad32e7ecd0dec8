"""The context of figures of all countries together: English, wide, and of the whole study."""

from typing import Any

from disrupting_harm.provenance.addresses import CONFIDENCE, with_address
from disrupting_harm.report.drawing.formats import RUN, Press
from disrupting_harm.report.drawing.widths import WIDE
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.language.translator import ADDRESSED, build_english
from disrupting_harm.study.configuration.config import StudyInfo


def create_regional_context(
    study: dict[str, Any], confidence: float, press: Press = RUN
) -> FigureContext:
    """Return the setting of wide figures of all countries.

    Args:
        study: the section ``study`` of the configuration.
    """
    info = StudyInfo.model_validate(study)
    translator = build_english(info.areas, info.respondents).with_markup(ADDRESSED)
    return FigureContext(
        translator,
        translator("by {area}"),
        info.simulated,
        with_address(confidence, CONFIDENCE),
        info.population,
        info.survey,
        WIDE,
        press,
    )
