"""The study's own judgements on what can be compared, read from a CSV file."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.microdata.csv_table import read_csv_table

FILE_COLUMNS = ["country", "indicator", "attribute", "value", "comparable", "reason", "source"]
# A difference in one of these sets a country apart; a difference in mode or wave is a caution.
DECISIVE = ("definition", "recall", "age_range")
CAUTIONS = ("mode", "wave")
# What else may have changed from one wave of a country to the next.
WAVE_ATTRIBUTES = ("wording", "options", "universe")
ATTRIBUTES = (*DECISIVE, *CAUTIONS, *WAVE_ATTRIBUTES, "survey")
EVERY_INDICATOR = "*"


@dataclass(frozen=True)
class Judgement:
    """One line of the study's file: what a country has, and whether it can be compared."""

    country: str
    indicator: str
    attribute: str
    value: str
    comparable: bool
    reason: str
    source: str

    @property
    def description(self) -> str:
        """The judgement as printed, without its source."""
        if self.attribute == "survey":
            return self.reason or self.value
        return f"{spell_attribute(self.attribute)}: {self.reason or self.value}"


def read_comparability(
    path: str | Path, countries: Collection[str], indicators: Collection[str]
) -> tuple[Judgement, ...]:
    """Read the study's judgements from a CSV file with the columns of :data:`FILE_COLUMNS`.

    ``indicator`` may be ``*`` for all; a line that names one counts more than a line for all.
    ``value`` replaces what the countries file or the codebook says; it may be empty.
    ``comparable`` is ``yes`` or ``no``, and ``no`` needs a reason and its source.

    Args:
        countries: codes that may stand there: all of the countries file.
        indicators: all of the codebook.

    Raises:
        StudyError: naming the row and the column.
    """
    header, rows = read_csv_table(Path(path))
    if header != FILE_COLUMNS:
        finding = f"the columns are {', '.join(header)}"
        raise StudyError(f"{path}, row 1", finding, f"Write {','.join(FILE_COLUMNS)}")
    allowed = {
        "country": tuple(countries),
        "indicator": (EVERY_INDICATOR, *indicators),
        "attribute": ATTRIBUTES,
        "comparable": ("yes", "no"),
    }
    judgements: dict[tuple[str, str, str], Judgement] = {}
    for number, row in rows:
        judgement = _read_judgement(f"{path}, row {number}", row, allowed)
        key = (judgement.country, judgement.indicator, judgement.attribute)
        if key in judgements:
            raise StudyError(
                f"{path}, row {number}", f"{', '.join(key)} stands twice", "Remove one row"
            )
        judgements[key] = judgement
    return tuple(judgements.values())


def spell_attribute(name: str) -> str:
    """Return the name of a column or an attribute as printed."""
    return name.replace("_", " ")


def _read_judgement(
    location: str, row: list[str], allowed: Mapping[str, Sequence[str]]
) -> Judgement:
    cell_by_column = dict(zip(FILE_COLUMNS, row, strict=True))
    for column, known_values in allowed.items():
        if cell_by_column[column] not in known_values:
            raise StudyError(
                f"{location}, column '{column}'",
                f"'{cell_by_column[column]}' is not known",
                f"Use one of {', '.join(known_values)}",
            )
    needed = ("reason", "source") if cell_by_column["comparable"] == "no" else ("reason",)
    for column in needed:
        if not cell_by_column[column]:
            raise StudyError(
                f"{location}, column '{column}'", "it is empty", "Say why, and where it is written"
            )
    return Judgement(**{**cell_by_column, "comparable": cell_by_column["comparable"] == "yes"})  # type: ignore[arg-type]
