"""The examples on students and on adults equal R's `survey` on the real files, limits included.

No row of a person is in the repository. Where rows count alike and were drawn alone, a number
follows from how many gave each answer, so the columns of a file are written anew from such counts
of R: of all, and by group. The mapping and codebook of the example read them as the file.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from published_answers import read_counts, write_answers
from repository import PROJECT

from designbased import estimate
from disrupting_harm.stages.estimate import build_design
from disrupting_harm.stages.weight import compute_weights
from disrupting_harm.study.microdata.typed_answers import prepare_country
from disrupting_harm.study.study import Study, load_study

HERE = Path(__file__).parent
STUDIES = {
    name: load_study(PROJECT / "config" / "examples" / name / "config.yaml")
    for name in ("yrbss", "wvs")
}
# Domains of the codebooks by the columns by which R counted.
DOMAINS = {
    "total": "total",
    "gender": "sex",
    "grade": "grade",
    "degree": "degree",
    "age": "age_group",
}
LEVELS = {
    "degree": {"yes": "degree", "no": "no_degree"},
    "age": {"18": "18-34", "35": "35-54", "55": "55-120"},
}
INTERVALS = {"korn_graubard": "beta", "logit": "logit"}


def read_numbers(name: str) -> pd.DataFrame:
    numbers = pd.read_csv(HERE / f"{name}_numbers.csv", dtype={"level": str})
    for group, levels in LEVELS.items():
        of_group = numbers["domain"] == group
        numbers.loc[of_group, "level"] = numbers.loc[of_group, "level"].replace(levels)
    return numbers


def name_area(study: Study, country: str) -> str:
    """Return what the raw file calls a country."""
    area = study.mappings[country].area
    return next(raw for raw, code in area.codes.items() if code == country) if area else country


def list_groups(name: str, country: str) -> list[str]:
    numbers = read_numbers(name)
    return [*numbers[numbers["country"] == name_area(STUDIES[name], country)]["domain"].unique()]


CASES = [
    (name, country, group)
    for name, study in STUDIES.items()
    for country in study.codes
    for group in list_groups(name, country)
]


@pytest.mark.parametrize(("name", "country", "group"), CASES)
def test_the_examples_equal_r(name: str, country: str, group: str, tmp_path: Path) -> None:
    study, domain = STUDIES[name], DOMAINS[group]
    area, mapping = name_area(study, country), study.mappings[country]
    counts = read_counts(name)
    chosen = counts[(counts["country"] == area) & (counts["group"] == group)]
    write_answers(tmp_path / "raw.csv", chosen, mapping)
    prepared = prepare_country(
        country, tmp_path / "raw.csv", mapping, study.codebook, simulated=False, source="column"
    )
    weights = compute_weights(prepared.sample, study.config.weighting, None, None).weights
    frame = prepared.sample.drop(columns="weight").merge(weights, on="child_id")
    numbers = read_numbers(name)
    of_group = (numbers["country"] == area) & (numbers["domain"] == group)
    theirs = numbers[of_group].set_index(["indicator", "level"])
    statistics = {
        indicator.id: indicator.statistic
        for indicator in study.codebook.indicators
        if indicator.id in theirs.index.get_level_values("indicator")
    }
    for interval, limits in INTERVALS.items():
        ours = estimate(
            build_design(frame, "fail"),
            prepared.indicators[list(statistics)].astype(float),
            frame[[domain]],
            statistics,
            interval,
        )
        ours["level"] = ours["level"].astype(str)
        ours = ours.set_index(["indicator", "level"]).loc[theirs.index]
        shares = theirs["statistic"] == "proportion"
        for column in ("n", "df", "population", "estimate", "se"):
            np.testing.assert_allclose(ours[column], theirs[column], rtol=1e-11, err_msg=column)
        for end in ("low", "high"):
            expected = theirs[f"{limits}_{end}"].where(shares, theirs[f"wald_{end}"])
            np.testing.assert_allclose(ours[f"ci_{end}"], expected, rtol=1e-11, err_msg=end)


def test_every_number_of_r_is_compared_and_nobody_is_lost() -> None:
    assert len(CASES) == 3 + 4 + 10
    persons = {"yrbss": {"USA": 13_583}}
    persons["wvs"] = {"Australia": 1_874, "Norway": 1_127, "Sweden": 1_003, "USA": 1_377}
    for name, expected in persons.items():
        counts = read_counts(name)
        of_all = counts[(counts["group"] == "total") & (counts["question"] == "gender")]
        assert of_all.groupby("country")["persons"].sum().to_dict() == expected
        assert counts["persons"].min() >= 10
