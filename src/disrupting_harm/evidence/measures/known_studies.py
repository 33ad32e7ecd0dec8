"""Published estimates of other studies in the order in which they are printed."""

import pandas as pd

from disrupting_harm.core.errors import StudyError

_ORDER = ["country", "measure", "year", "study", "age_from", "age_to", "source_id"]


def order_studies(studies: pd.DataFrame) -> pd.DataFrame:
    """Return the rows by country, measure and year: no order says which estimate is the larger.

    Measures keep the order in which the file first has them.

    Raises:
        StudyError: rows of one measure name different indicators.
    """
    for measure, indicators in studies.groupby("measure", sort=False)["indicator"]:
        names = sorted(set(indicators))
        if len(names) > 1:
            listed = ", ".join(f"'{name}'" if name else "none" for name in names)
            raise StudyError(
                f"evidence 'known_studies', measure '{measure}'",
                f"its rows name several indicators: {listed}",
                "One measure stands beside one indicator: correct the rows, or give some of them "
                "a measure of their own",
            )
    position = {measure: number for number, measure in enumerate(studies["measure"].unique())}

    def sort_key(column: "pd.Series") -> "pd.Series":
        return column.map(position) if column.name == "measure" else column

    return studies.sort_values(_ORDER, key=sort_key, kind="stable", ignore_index=True)
