"""What those without an answer leave open of a share, for "How sure?"."""

from collections.abc import Mapping

from disrupting_harm.report.findings.printed import NOTHING, joined
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.silence import silence_of
from disrupting_harm.report.text import Text
from disrupting_harm.study.definitions import Indicator


def silence(text: Text, indicator: Indicator, row: Mapping[str, str] | None) -> Markdown:
    """Return how many gave no answer, and what may be with them: chance and silence together.

    The bounds of silence alone are narrower than many an interval, and would be read as all that is
    not known. What one in a hundred would have said moves no limit that a reader sees. That fewer
    were silent is no answer to "How sure?" where few were asked, and nothing is said of it.

    Args:
        text: the language.
        indicator: a share that is printed, or a bound of it.
        row: of ``bounds.csv``; None where bounds are not printed, or not compared.
    """
    known = silence_of(row)
    if known is None:
        if indicator.silence:
            return text("What those who gave no valid answer would have said is not known.")
        return NOTHING
    if known.missing == 0:
        return NOTHING
    share = text.with_sign(known.missing)
    if indicator.any_of:
        # Those who left a part open are counted, with what the others say.
        silent = text(
            "{missing} said yes to none of its questions, and left at least one open.",
            missing=share,
        )
    else:
        silent = text("{missing} gave no valid answer.", missing=share)
    return joined([silent, known.allowed_for(text) if known.missing > 1 else NOTHING])
