"""How the columns of public tables are printed: in per cent, as numbers, or not at all."""

import re

from disrupting_harm.errors import StudyError
from disrupting_harm.provenance.addresses import at
from disrupting_harm.provenance.keys import ESTIMATES
from disrupting_harm.provenance.published import Place
from disrupting_harm.report.labels import Labels
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.text import Text

# Columns in the unit of the row's indicator: proportions in per cent, means as numbers.
_OF_INDICATOR = (
    *("estimate", "ci_low", "ci_high"),
    *("bound_low", "bound_high", "lower", "upper", "crude", "regional_mean", "difference"),
    *("prediction_low", "prediction_high"),
)
# Tables whose intervals are those of a ratio.
_OF_RATIOS = ("comparison/adjusted.csv", "comparison/adjusted_countries.csv")
# Numbers of other files that are shares of one.
_SHARES = ("confidence", "internet_use_rate")
_MINUS = "\N{MINUS SIGN}"
_P_VALUE = (
    "a P value does not stand by itself",
    "name the difference and its interval, which say more",
)
_BOUND = (
    "it is a bound, which stands in the place of a hidden number",
    "write 'share', which says that it is one",
)
_WEIGHT = (
    "it is the weight of those who answered, and no number of children",
    "name compare/denominators/INDICATOR/COUNTRY/internet_using_children/children",
)
# Columns whose numbers mislead where they stand alone: what is wrong, and what to do.
_NOT_ALONE = {
    **dict.fromkeys(("p_value", "p_holm", "p_bh", "q_p"), _P_VALUE),
    **dict.fromkeys(("bound_low", "bound_high"), _BOUND),
}


def printed(place: Place, text: Text, labels: Labels) -> Markdown:
    """Return the number at a place as the language writes it, with its address.

    Args:
        place: where a number stands.
        text: the language.
        labels: of the codebook, which says what is a proportion.

    Raises:
        StudyError: if it is no number, or one that misleads where it stands alone.
    """
    if place.column in _NOT_ALONE and place.row:
        raise StudyError(f"'{place.address}'", *_NOT_ALONE[place.column])
    if place.column == "population" and place.file.endswith(f"/{ESTIMATES}.csv"):
        raise StudyError(f"'{place.address}'", *_WEIGHT)
    try:
        value = at(float(place.text), place.address)
    except ValueError:
        raise StudyError(
            f"'{place.address}'",
            "what is published there is no number",
            "name a column of numbers",
        ) from None
    share = is_share(place, labels)
    digits = _digits(place, share)
    number = text.percent(value, digits) if share else text.number(value, digits)
    return Markdown(number.replace("[-", f"[{_MINUS}"))


def is_share(place: Place, labels: Labels) -> bool:
    """Return whether the number at a place is a share of one, printed in per cent."""
    column, row = place.column, place.row
    if row and "indicator" in row and column in _OF_INDICATOR and place.file not in _OF_RATIOS:
        return labels.definition(row["indicator"]).statistic == "proportion"
    if row and "question" in row and column in _OF_INDICATOR:
        return True
    if row and row.get("measure") and column in _OF_INDICATOR:
        return row["measure"] != "kappa"
    name = column.rpartition("/")[2]
    return name in _SHARES or name.endswith("_share") or column.startswith("response_rates/")


def _digits(place: Place, share: bool) -> int:
    """Return the decimals of a number as published; a table of numbers drops zeros at the end.

    A row is rounded as one: its columns of one unit have the same decimals.
    """
    row = place.row
    if row and place.column in _OF_INDICATOR:
        if _is_number(row.get("shown", "")):
            return _decimals(row["shown"])
        texts = [row[name] for name in _OF_INDICATOR if _is_number(row.get(name, ""))]
    else:
        texts = [place.text]
    most = max(map(_decimals, texts))
    return max(most - 2, 0) if share else most


def _decimals(text: str) -> int:
    return len(text.partition(".")[2].rstrip("0"))


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None
