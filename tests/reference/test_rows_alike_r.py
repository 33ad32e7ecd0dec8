"""Files that do not tell how their rows were drawn: numbers equal R, see `rows_alike.R`."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import samplics.datasets

from designbased import estimate
from disrupting_harm.core.errors import StudyError
from disrupting_harm.stages.estimate import build_design
from disrupting_harm.stages.weight import compute_weights
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.weighting_config import Weighting
from disrupting_harm.study.microdata.mapping import Mapping
from disrupting_harm.study.microdata.typed_answers import PreparedCountry, prepare_country

R = pd.read_csv(Path(__file__).parent / "rows_alike_r.csv")
NHANES2 = Path(samplics.datasets.__file__).parent / "data" / "nhanes2.csv"
SHARES = ["highbp", "highlead", "diabetes"]
CODEBOOK = Codebook.model_validate(
    {
        "items": [
            {"id": "race", "type": "choice", "values": ["1", "2", "3"], "respondent": "sample"},
            *({"id": name, "type": "yes_no"} for name in SHARES),
            {"id": "zinc", "type": "number"},
        ],
        "domains": [{"id": "total", "label": "All"}, {"id": "race", "label": "R", "item": "race"}],
        "modules": [{"id": "m", "label": "M"}],
        "indicators": [
            *(
                {
                    "id": name,
                    "module": "m",
                    "label": name,
                    "numerator": [{"item": name, "among": ["yes"]}],
                }
                for name in SHARES
            ),
            {"id": "zinc", "module": "m", "label": "Z", "statistic": "mean", "value": "zinc"},
        ],
    }
)
ROWS: dict[str, Any] = {"weight": 1, "stratum": "none", "psu": "rows"}
DESIGNS: dict[str, dict[str, Any]] = {
    "rows": ROWS,
    "weighted_rows": ROWS | {"weight": "finalwgt"},
    "rows_of_strata": ROWS | {"stratum": "stratid"},
    # A PSU's number is used again in each stratum: R's script makes them unique.
    "clusters": ROWS | {"psu": "cluster"},
}


def prepare(path: Path, design: dict[str, Any]) -> PreparedCountry:
    mapping = Mapping.model_validate({**design, "variables": {}, "blank": "not_asked"})
    return prepare_country("USA", path, mapping, CODEBOOK, simulated=False, source="column")


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("nhanes2") / "nhanes2.csv"
    rows = pd.read_csv(NHANES2, dtype=str, keep_default_na=False)
    rows["cluster"] = rows["stratid"] + "-" + rows["psuid"]
    rows.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("name", DESIGNS)
def test_numbers_equal_r(name: str, survey: Path) -> None:
    prepared = prepare(survey, DESIGNS[name])
    weights = compute_weights(prepared.sample, Weighting(source="column"), None, None).weights
    frame = prepared.sample.drop(columns="weight").merge(weights, on="child_id")
    design = build_design(frame, "fail")
    statistics = dict.fromkeys(SHARES, "proportion") | {"zinc": "mean"}
    ours = estimate(
        design,
        prepared.indicators[list(statistics)].astype(float),
        frame[["total", "race"]],
        statistics,
    )
    theirs = R[R["design"] == name].set_index(["indicator", "domain", "level"])
    assert set(theirs["df_design"]) == {design.df}
    ours["domain"] = ours["domain"].astype(str)
    ours = ours.set_index(["indicator", "domain", "level"])
    ours.index = ours.index.map(lambda key: tuple(map(str, key)))
    theirs.index = theirs.index.map(lambda key: tuple(map(str, key)))
    ours = ours.loc[theirs.index]
    assert (ours["n"] == theirs["n"]).all()
    assert (ours["df"] == theirs["df"]).all()
    for column in ("population", "estimate", "se"):
        np.testing.assert_allclose(ours[column], theirs[column], rtol=1e-11, err_msg=column)


def test_the_file_tells_what_the_mapping_denies(tmp_path: Path) -> None:
    for word, key in (("none", "stratum"), ("rows", "psu")):
        path = tmp_path / f"{word}.csv"
        path.write_text(f"race,highbp,highlead,diabetes,zinc,{word}\n1,1,0,0,9,a\n2,0,1,1,8,b\n")
        with pytest.raises(StudyError, match=f"column '{word}'.*'{key}: {word}' in the mapping"):
            prepare(path, ROWS)


@pytest.mark.parametrize("weight", [2, 0, True, 1.5])
def test_only_one_is_the_weight_of_all(weight: object) -> None:
    with pytest.raises(ValueError, match="weight"):
        Mapping.model_validate(ROWS | {"weight": weight, "variables": {}})


def test_each_row_is_a_unit_of_its_own(tmp_path: Path) -> None:
    """Rows that are not kept leave no gap, and a stratum of one row is refused as any other."""
    path = tmp_path / "few.csv"
    header = "race,highbp,highlead,diabetes,zinc,region\n"
    path.write_text(header + "1,1,0,0,9,N\n2,0,1,1,8,N\n3,1,1,1,7,S\n")
    keep = [{"column": "region", "codes": ["N"]}]
    sample = prepare(path, ROWS | {"keep": keep}).sample
    assert sample["psu"].tolist() == ["1", "2"]
    assert sample["stratum"].nunique() == 1
    assert sample["weight"].tolist() == [1, 1]
    with pytest.raises(StudyError, match="1 stratum with one PSU"):
        prepare(path, ROWS | {"stratum": "region"})
