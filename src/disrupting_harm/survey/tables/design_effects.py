"""Design effects by name: against simple random samples with and without replacement."""

import numpy as np
import pandas as pd

from disrupting_harm.errors import StudyError


def design_effects(table: pd.DataFrame) -> pd.DataFrame:
    """Return the design effects of R ``survey`` for a table of estimates.

    Both compare the variance with that of a simple random sample of ``n`` answers whose variance is
    estimated with ``n - 1``, for proportions as well (Kish 1965, Survey Sampling, section 8.2):

    - ``deff_replace``: drawn with replacement (R ``deff = "replace"``);
    - ``deff_without_replacement``: drawn without replacement out of ``population``, so divided by
      ``1 - n/population`` (R ``deff = TRUE``).

    Args:
        table: the table of :func:`~.tables.linearise.estimate`, with the columns
            ``indicator, domain, level, n, n_yes, population, deff``. Weights have to sum to the
            population.

    Returns:
        ``indicator, domain, level, deff_replace, deff_without_replacement``, NaN where ``deff`` is;
        the latter is also NaN where everybody was asked.

    Raises:
        StudyError: a column is missing, or more people answered than the population has.
    """
    needed = ["indicator", "domain", "level", "n", "n_yes", "population", "deff"]
    missing = [name for name in needed if name not in table.columns]
    if missing:
        raise StudyError("table", f"no column '{missing[0]}'", "Give a table of estimates")
    n, population = table["n"].to_numpy(), table["population"].to_numpy()
    if (n > population).any():
        row = table.iloc[int(np.argmax(n > population))]
        raise StudyError(
            f"indicator '{row['indicator']}', {row['domain']} {row['level']}",
            f"{row['n']} answers from a population of {row['population']:g}",
            "Scale the weights to sum to the population",
        )
    proportion = table["n_yes"].notna().to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        replace = table["deff"].to_numpy() * np.where(proportion, (n - 1) / n, 1.0)
        without = np.where(n < population, replace / (1 - n / population), np.nan)
    return table[["indicator", "domain", "level"]].assign(
        deff_replace=replace, deff_without_replacement=without
    )
