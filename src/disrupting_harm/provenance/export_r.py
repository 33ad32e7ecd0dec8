"""Write the lines of R of a published number with what they read, for whoever may see answers."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from disrupting_harm.comparison.pairwise import all_pairs
from disrupting_harm.comparison.simultaneous import Draws
from disrupting_harm.files import write_csv, write_text
from disrupting_harm.provenance.explain_r import cell_of, is_compared
from disrupting_harm.provenance.published import Place, Published
from disrupting_harm.provenance.recompute import LINES, write_answers, write_lines
from disrupting_harm.provenance.recompute_compared import GAPS, PAIRS, compared_lines
from disrupting_harm.publication.reliability import floats
from disrupting_harm.study.checked_tables import read_table
from disrupting_harm.study.comparison_contracts import RESTRICTED
from disrupting_harm.study.contracts import RELEASE
from disrupting_harm.study.statuses import TOTAL
from disrupting_harm.study.study import Study

FAMILY = "family.csv"
_NATIONAL = ["country", "indicator", "domain", "estimate", "se", "df"]
_KEY = ("indicator", "domain", "level_a", "level_b")


def write_r(
    place: Place, published: Published, study: Study, restricted: Path, folder: Path
) -> Path | None:
    """Write the lines of R of a number with what they read; return their file.

    Args:
        place: where it is published.
        published: the public files.
        study: configuration and codebook.
        restricted: the restricted results.
        folder: where the files go; they are for their owner alone.

    Returns:
        The file of lines; None where the number has none.

    Raises:
        StudyError: if a restricted table is missing, or R's package has not the rule of the study.
    """
    if (cell := cell_of(place, published)) is not None:
        return write_lines(cell.row, study, restricted, folder)
    if is_compared(place):
        table = Path(place.file).stem
        return write_compared_lines(table, place.row, study, restricted, folder)
    return None


def write_compared_lines(
    table: str, row: Mapping[str, str], study: Study, restricted: Path, folder: Path
) -> Path:
    """Write the lines of R of a row, the answers of its countries, and its family.

    Args:
        table: one of :data:`COMPUTED`.
        row: of its public form.
        study: configuration and codebook.
        restricted: the restricted results.
        folder: where the files go; they are for their owner alone.

    Returns:
        The file of lines.

    Raises:
        StudyError: if a restricted table is missing.
    """
    text = compared_lines(table, row, study)
    indicator = study.codebook.indicator(row["indicator"])
    domain = TOTAL[0] if table == PAIRS else row["domain"]
    for name in ("country", "country_a", "country_b"):
        if name in row:
            path = folder / f"{row[name]}.csv"
            write_answers(path, row[name], indicator, domain, restricted)
    write_csv(folder / FAMILY, family_of(table, row, study, restricted))
    write_text(folder / LINES, text + "\n")
    return folder / LINES


def family_of(table: str, row: Mapping[str, str], study: Study, restricted: Path) -> pd.DataFrame:
    """Return the countries of a row's family: ``country, estimate, se, df`` and ``critical``.

    ``critical`` is the normal critical value of all pairs, by the run's draws.
    """
    name = PAIRS if table == PAIRS else GAPS
    compared = read_table(restricted / "comparison" / f"{name}.parquet", RESTRICTED[name])
    if table == PAIRS:
        own = compared[compared["indicator"] == row["indicator"]]
        codes = sorted({*own["country_a"], *own["country_b"]})
        found = pd.concat([_national(code, row["indicator"], restricted) for code in codes])
    else:
        own = compared[(compared[list(_KEY)] == [row[name] for name in _KEY]).all(axis=1)]
        found = own.rename(columns={"difference": "estimate"})
    found = found[["country", "estimate", "se", "df"]].reset_index(drop=True)
    if table == GAPS:
        return found
    rules = study.config.comparison
    draws = Draws(rules.draws, study.config.seed)
    critical = all_pairs(floats(found, "estimate"), floats(found, "se"), draws, rules.alpha)
    return found.assign(critical=critical)


def _national(country: str, indicator: str, restricted: Path) -> pd.DataFrame:
    path = restricted / "release" / f"{country}.parquet"
    release = read_table(path, RELEASE, columns=_NATIONAL)
    return release[(release["indicator"] == indicator) & (release["domain"] == TOTAL[0])]
