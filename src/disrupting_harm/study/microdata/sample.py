"""The sample's own columns: identifiers, design, weights and the outcome of each contact."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.codebook.codebook import SUBSAMPLE
from disrupting_harm.study.microdata.mapping import (
    EQUAL_WEIGHT,
    NO_STRATUM,
    ROWS,
    Mapping,
    map_codes,
    normalise_code,
)
from disrupting_harm.study.microdata.raw_cells import RawColumn


def refuse_wrong_fpc(sample: pd.DataFrame, column: RawColumn) -> None:
    """Refuse numbers of a stratum's PSUs that differ within it, or are below those drawn."""
    strata = sample.groupby("stratum")
    differ = sample["fpc"] != strata["fpc"].transform("first")
    column.refuse(
        column.rows.isin(sample.index[differ]),
        "a number of PSUs that differs within a stratum",
        "Give the same number in all rows of a stratum",
    )
    few = sample["fpc"] < strata["psu"].transform("nunique")
    column.refuse(
        column.rows.isin(sample.index[few]),
        "fewer PSUs in the stratum's population than in the sample",
        "Give the number of PSUs in the stratum's population",
    )


def refuse_shared_psus(sample: pd.DataFrame, column: RawColumn) -> None:
    """Refuse PSUs that stand in several strata."""
    pairs = sample.drop_duplicates(["stratum", "psu"])
    shared = pairs.index[pairs["psu"].duplicated(keep=False)]
    column.refuse(
        column.rows.isin(shared),
        "PSUs that stand in more than one stratum",
        "Correct the PSU or its stratum; where ids are used again in every stratum, set the "
        "mapping's 'psu_unique' to false",
    )


def refuse_lonely_psus(respondents: pd.DataFrame, column: RawColumn) -> None:
    """Refuse a stratum with one PSU, unless its population has only that one, too."""
    pairs = respondents.drop_duplicates(["stratum", "psu"])
    alone = pairs.groupby("stratum")["psu"].transform("size") == 1
    if "fpc" in pairs:
        alone &= pairs.groupby("stratum")["fpc"].transform("max") > 1
    strata = alone.sum()
    column.refuse(
        column.rows.isin(pairs.index[alone]),
        f"{strata} {'strata' if strata > 1 else 'stratum'} with one PSU,",
        "Merge each with a neighbouring stratum, or set 'estimation.lonely_psu' to 'centre' "
        "(deviation from the overall mean) or 'certainty' (no sampling of PSUs there)",
    )


RESPONDENTS = ("complete", "partial")
ELIGIBLE = (*RESPONDENTS, "refusal", "non_contact", "other")
PROBABILITIES = ("psu_probability", "household_probability")
# Of so many children none weighs more than all others together.
MANY, HALF = 20, 0.5
SIMULATED = "simulated"
# Columns of the sample, and keys of the mapping.
DAY, MINUTES = "interview_day", "interview_minutes"
ZERO_WEIGHT = "weight is zero"
ADD_CODE = "Add it to '{}' in the mapping, or correct the file"
TRUTH = {
    **dict.fromkeys(["1", "true", "True", "TRUE"], "simulated"),
    **dict.fromkeys(["0", "false", "False", "FALSE"], "observed"),
}
NOT_KEPT = "not kept by the mapping, column '{}'"
INELIGIBLE = "ineligible, counted in response rates only"


def list_sample_columns(mapping: Mapping, source: str) -> list[str]:
    """Return the raw columns that the sample needs under ``weighting.source``."""
    keys = ["area", "disposition", "child_id", "interviewer", DAY, MINUTES, "stratum", "psu", "fpc"]
    keys += _weight_keys(source)
    area_or_columns = [getattr(mapping, key) for key in keys if key not in mapping.undescribed]
    columns = [
        column if isinstance(column, str) else column.column for column in area_or_columns if column
    ]
    return [*columns, *(condition.column for condition in mapping.keep), *mapping.weights.values()]


def select_country(
    raw: pd.DataFrame, mapping: Mapping, country: str, location: str
) -> pd.DataFrame:
    """Return the rows of one country; all of them where the mapping names no area.

    Raises:
        StudyError: an area's code is not in the mapping, or the country has no row.
    """
    if mapping.area is None:
        return raw
    column = RawColumn(raw, mapping.area.column, location)
    areas = column.decode(map_codes(mapping.area.codes), ADD_CODE.format("area.codes"))
    rows = raw.loc[areas == country]
    if rows.empty:
        raise StudyError(
            column.location,
            f"no row belongs to country {country}",
            "Correct the mapping's 'area.codes', or remove the country from the countries file",
        )
    return rows


def select_rows_to_keep(
    raw: pd.DataFrame, mapping: Mapping, location: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows that the mapping keeps, and ``row, reason`` of the others.

    Raises:
        StudyError: a cell of a range is no number, or no row is left.
    """
    reasons = pd.Series(pd.NA, index=raw.index, dtype="str")
    for condition in mapping.keep:
        column = RawColumn(raw, condition.column, location)
        if condition.codes:
            stays = column.find_rows_among({normalise_code(code) for code in condition.codes})
        else:
            numbers = column.read_numbers(pd.Series(False, index=raw.index))
            low, high = condition.limits
            stays = ((numbers >= low) & (numbers <= high)).to_numpy()
        if not (stays & reasons.isna().to_numpy()).any():
            raise StudyError(
                column.location,
                "no row is left by this condition of 'keep' and those before it",
                "Correct the column, codes or limits under 'keep' in the mapping",
            )
        reasons[reasons.isna() & ~stays] = NOT_KEPT.format(condition.column)
    dropped = reasons.dropna().rename("reason").rename_axis("row").reset_index()
    return raw[reasons.isna()], dropped


def build_sample(
    raw: pd.DataFrame,
    mapping: Mapping,
    country: str,
    location: str,
    simulated: bool,
    source: str,
    lonely_psu: str = "fail",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Check and type the columns that say who was drawn, how, and with what outcome.

    Args:
        raw: the country's rows, text cells, indexed by data row.
        location: the raw file, for messages.
        simulated: what the configuration says of the data.
        source: "column" for final weights, "selection" for selection probabilities.
        lonely_psu: "fail" makes a stratum with one PSU an error.

    Returns:
        ``country, child_id, simulated, stratum, psu, [fpc]``, then ``weight`` or
        ``psu_probability, household_probability, eligible_children``, then ``disposition`` and
        ``interviewer, interview_day, interview_minutes`` where the mapping has them and one column
        for each weight of a subsample, on the index of ``raw``; and the rows that take no part in
        estimates, with the reason (``row, reason``). Rows of weight zero are left out of the
        sample; ineligible ones stay in it, because response rates count them.

    Raises:
        StudyError: names file, column, rows and remedy.
    """
    _check_simulated(raw, simulated, location)
    sample = pd.DataFrame({"country": _repeat_text(country, raw.index)})
    sample["child_id"] = _read_child_ids(raw, mapping, location)
    sample[SIMULATED] = simulated
    _refuse_names_of_words(raw, mapping, location)
    # Where the file tells of none, the whole country is a stratum and each row is a unit.
    one_stratum = _repeat_text(NO_STRATUM, raw.index)
    each_row = pd.Series(raw.index, index=raw.index).astype("str").astype("category")
    design = raw.assign(**{NO_STRATUM: one_stratum} if mapping.stratum == NO_STRATUM else {})
    design = design.assign(**{ROWS: each_row} if mapping.psu == ROWS else {})
    strata = RawColumn(design, mapping.stratum, location)
    psus = RawColumn(design, mapping.psu, location)
    sample["stratum"], sample["psu"] = strata.read_filled(), psus.read_filled()
    strata.refuse_look_alikes()
    if mapping.psu != ROWS:
        psus.refuse_look_alikes(None if mapping.psu_unique else strata.codes)
    if mapping.fpc is not None:
        sample["fpc"] = _read_population_psus(RawColumn(raw, mapping.fpc, location))
    outcome = _read_dispositions(raw, mapping, location)
    for name, values in _read_weights(raw, mapping, outcome, location, source):
        sample[name] = values
    if mapping.disposition is not None:
        sample["disposition"] = outcome
    if mapping.interviewer is not None:
        sample["interviewer"] = raw[mapping.interviewer].astype("category")
    if mapping.interview_day is not None:
        sample[DAY] = raw[mapping.interview_day].astype("category")
    if mapping.interview_minutes is not None:
        sample[MINUTES] = _read_minutes(RawColumn(raw, mapping.interview_minutes, location))
    for name, title in mapping.weights.items():
        column = RawColumn(raw, title, location)
        weights = _read_final_weights(
            column, pd.Series(False, index=raw.index), mapping.weight_divisor
        )
        sample[SUBSAMPLE + name] = weights.fillna(0.0)
    dropped = _list_dropped_rows(sample, outcome)
    weightless = dropped.loc[dropped["reason"] == ZERO_WEIGHT, "row"]
    sample = sample[~sample.index.isin(weightless)]
    if mapping.fpc is not None:
        refuse_wrong_fpc(sample, RawColumn(raw, mapping.fpc, location))
    if mapping.psu_unique:
        refuse_shared_psus(sample, psus)
    if lonely_psu == "fail":
        refuse_lonely_psus(sample[is_respondent(sample)], psus)
    return sample, dropped


def is_respondent(sample: pd.DataFrame) -> "pd.Series[bool]":
    """Return True for children with an interview; every child where no outcome is recorded."""
    if "disposition" not in sample:
        return pd.Series(True, index=sample.index)
    return sample["disposition"].isin(RESPONDENTS)


def is_of_few(column: str) -> bool:
    """Return whether children share the texts of a column of the sample: all but their own ids."""
    return column != "child_id"


def _check_simulated(raw: pd.DataFrame, simulated: bool, location: str) -> None:
    """Refuse a file that contradicts the configuration; it need not speak of the matter."""
    if SIMULATED not in raw:
        return
    column = RawColumn(raw, SIMULATED, location)
    data_kinds = column.decode(TRUTH, "Write 1 for simulated rows and 0 for observed ones")
    contrary = "observed" if simulated else "simulated"
    column.refuse(
        data_kinds == contrary,
        f"{contrary} data in a study of {'simulated' if simulated else 'observed'} data",
        "Name another raw file, or correct 'study.simulated' in the configuration",
    )


def _repeat_text(word: str, rows: pd.Index) -> pd.Series:
    """Return a column of categories that holds one text."""
    codes = np.zeros(len(rows), dtype=np.int8)
    return pd.Series(pd.Categorical.from_codes(codes, pd.Index([word], dtype="str")), index=rows)


def _refuse_names_of_words(raw: pd.DataFrame, mapping: Mapping, location: str) -> None:
    """Refuse a file with a column that is called as the word for none."""
    for key in mapping.undescribed:
        name = str(getattr(mapping, key))
        if key != "weight" and name in raw:
            raise StudyError(
                f"{location}, column '{name}'",
                f"'{key}: {name}' in the mapping says that there is no such column",
                "Rename the column, in the file and in the mapping",
            )


def _read_child_ids(raw: pd.DataFrame, mapping: Mapping, location: str) -> "pd.Series[str]":
    if mapping.child_id is None:
        return pd.Series(raw.index, index=raw.index).astype("str")
    column = RawColumn(raw, mapping.child_id, location)
    ids = column.read_filled().astype("str")
    column.refuse(
        np.bincount(column.codes)[column.codes] > 1,
        "ids that stand more than once",
        "Give every respondent an id of its own, or remove the repeated rows",
    )
    column.refuse_look_alikes()
    return ids


def _read_population_psus(column: RawColumn) -> "pd.Series[float]":
    numbers = column.read_numbers()
    column.refuse(
        numbers < 1,
        "a number of PSUs below 1",
        "Give the number of PSUs in the stratum's population",
    )
    return numbers


def _read_minutes(column: RawColumn) -> "pd.Series[float]":
    minutes = column.read_numbers(pd.Series(False, index=column.rows))
    column.refuse(minutes < 0, "a length below 0", "Write minutes, or leave the cell empty")
    return minutes


def _read_dispositions(raw: pd.DataFrame, mapping: Mapping, location: str) -> "pd.Series[str]":
    if mapping.disposition is None:
        return _repeat_text("complete", raw.index)
    column = RawColumn(raw, mapping.disposition.column, location)
    outcome = column.decode(
        map_codes(mapping.disposition.codes), ADD_CODE.format("disposition.codes")
    )
    if not outcome.isin(RESPONDENTS).any():
        raise StudyError(
            column.location,
            "nobody was interviewed: there is no complete and no partial interview",
            "Correct the mapping's 'disposition.codes', or remove the country",
        )
    return outcome


def _read_weights(
    raw: pd.DataFrame, mapping: Mapping, outcome: "pd.Series[str]", location: str, source: str
) -> Iterator[tuple[str, "pd.Series[float]"]]:
    """Yield the weight columns; every row needs what its outcome lets be known."""
    column_of_key = {key: getattr(mapping, key) for key in _weight_keys(source)}
    for key, name in column_of_key.items():
        if name is None:
            raise StudyError(
                f"mapping, key '{key}'",
                f"missing, but 'weighting.source' is '{source}'",
                "Name the column in the mapping",
            )
        if name == EQUAL_WEIGHT:
            yield key, pd.Series(1.0, index=raw.index)
            continue
        column = RawColumn(raw, name, location)
        if key == "weight":
            yield (
                key,
                _read_final_weights(column, outcome.isin(RESPONDENTS), mapping.weight_divisor),
            )
        elif key == "eligible_children":
            yield key, _read_eligible_children(column, outcome.isin(ELIGIBLE))
        else:
            yield key, _read_probabilities(column)


def _weight_keys(source: str) -> tuple[str, ...]:
    if source == "column":
        return ("weight",)
    return (*PROBABILITIES, "eligible_children")


def _read_final_weights(
    column: RawColumn, needed: "pd.Series[bool]", divisor: float
) -> "pd.Series[float]":
    weights = column.read_numbers(needed)
    column.refuse(weights < 0, "a negative weight", "Correct the weights; none can be negative")
    weights_of_respondents = weights[needed] if needed.any() else weights
    if not weights_of_respondents.sum() > 0:
        raise StudyError(
            column.location, "the weights of all respondents are zero", "Name the column of weights"
        )
    column.refuse(
        (len(weights_of_respondents) >= MANY) & (weights > HALF * weights_of_respondents.sum()),
        "a weight above that of all others together",
        "Correct it; where it is right, no estimate from this survey means anything",
    )
    return weights / divisor


def _read_probabilities(column: RawColumn) -> "pd.Series[float]":
    numbers = column.read_numbers()
    column.refuse(
        ~((numbers > 0) & (numbers <= 1)),
        "a selection probability outside 0 < p <= 1",
        "Correct it; where every unit was taken it is 1",
    )
    return numbers


def _read_eligible_children(column: RawColumn, needed: "pd.Series[bool]") -> "pd.Series[float]":
    numbers = column.read_numbers(needed)
    column.refuse(
        needed & ~((numbers >= 1) & (numbers <= 100) & (numbers == np.floor(numbers))),
        "a number of eligible persons that is no whole number from 1 to 100",
        "Correct the household roster",
    )
    return numbers


def _list_dropped_rows(sample: pd.DataFrame, outcome: "pd.Series[str]") -> pd.DataFrame:
    """Return ``row, reason`` of the rows that take no part in estimates though in the file."""
    reasons = pd.Series(pd.NA, index=sample.index, dtype="str")
    reasons[outcome == "ineligible"] = INELIGIBLE
    if "weight" in sample:
        reasons[(sample["weight"] == 0) & outcome.isin(RESPONDENTS)] = ZERO_WEIGHT
    return reasons.dropna().rename("reason").rename_axis("row").reset_index()
