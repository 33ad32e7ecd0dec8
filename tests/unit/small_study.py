"""A study of ten children, small enough to check by eye."""

from pathlib import Path

import pandas as pd
import pyreadstat

from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.microdata.mapping import Mapping
from disrupting_harm.study.microdata.typed_answers import PreparedCountry, prepare_country

CODEBOOK = {
    "items": [
        {"id": "sex", "type": "choice", "values": ["boy", "girl"], "respondent": "sample"},
        {"id": "age", "type": "number", "minimum": 12, "maximum": 17, "respondent": "sample"},
        {"id": "online", "type": "yes_no", "question": "Were you online?"},
        {"id": "often", "type": "choice", "values": ["daily", "less"]},
        {"id": "hours", "type": "number", "minimum": 0, "maximum": 24},
    ],
    "domains": [
        {"id": "total", "label": "Total"},
        {"id": "sex", "label": "Sex", "item": "sex"},
        {
            "id": "age_band",
            "label": "Age",
            "item": "age",
            "bands": {"12-14": [12, 14], "15-17": [15, 17]},
        },
        {"id": "sex_age", "label": "Sex and age", "cross": ["sex", "age_band"]},
    ],
    "modules": [{"id": "use", "label": "Internet use"}],
    "indicators": [
        {
            "id": "online",
            "module": "use",
            "label": "Online",
            "numerator": [{"item": "online", "among": ["yes"]}],
        },
        {
            "id": "daily",
            "module": "use",
            "label": "Daily",
            "universe": [{"item": "online", "among": ["yes"]}],
            "numerator": [{"item": "often", "among": ["daily"]}],
        },
        {
            "id": "hours",
            "module": "use",
            "label": "Hours",
            "statistic": "mean",
            "value": "hours",
        },
    ],
}

MAPPING = {
    "child_id": "id",
    "stratum": "stratum",
    "psu": "psu",
    "psu_unique": True,
    "weight": "w",
    "psu_probability": "p1",
    "household_probability": "p2",
    "eligible_children": "kids",
    "disposition": {
        "column": "result",
        "codes": {1: "complete", 2: "partial", 3: "refusal", 9: "ineligible"},
    },
    "missing": {"dont_know": [8], "prefer_not_to_say": [9], "lost": [-1]},
    "variables": {
        "sex": {"column": "q1", "codes": {1: "boy", 2: "girl"}},
        "age": {"column": "q2"},
        "online": {"column": "q3"},
        "often": {"column": "q4", "codes": {1: "daily", 2: "less"}},
        "hours": {
            "column": "q5",
            "codes": {8: "8", 9: "9"},
            "missing": {"dont_know": [98], "prefer_not_to_say": [99]},
        },
    },
}

COLUMNS = ("id", "stratum", "psu", "w", "p1", "p2", "kids", "result", "q1", "q2", "q3", "q4", "q5")
ROWS = (
    ("c1", "north", "n1", "1.5", "0.1", "0.5", "1", "1", "1", "12", "1", "1", "2.5"),
    ("c2", "north", "n1", "2", "0.1", "0.5", "2", "1", "2", "13", "1", "2", "8"),
    ("c3", "north", "n2", "1", "0.2", "0.25", "1", "2", "2", "17", "0", "", "98"),
    ("c4", "north", "n2", "1", "0.2", "0.25", "3", "1", "1", "15", "8", "", "0"),
    ("c5", "south", "s1", "2.25", "1", "0.1", "1", "1", "1", "14", "9", "", "99"),
    ("c6", "south", "s1", "", "1", "0.1", "1", "3", "2", "16", "", "", ""),
    ("c7", "south", "s2", "3", "0.3", "1", "1", "1", "2", "", "1", "9", ""),
    ("c8", "south", "s2", "0", "0.3", "1", "2", "1", "1", "12", "-1", "", "24"),
    ("c9", "south", "s2", "", "0.3", "1", "", "9", "", "", "", "", ""),
    ("c10", "south", "s2", "2", "0.3", "1", "1", "1", "2", "17", "1", "1", "3.5"),
)
TEXT_COLUMNS = ("id", "stratum", "psu")


def codebook() -> Codebook:
    return Codebook.model_validate(CODEBOOK)


def mapping(**changes: object) -> Mapping:
    return Mapping.model_validate({**MAPPING, **changes})


def raw_frame() -> pd.DataFrame:
    return pd.DataFrame(ROWS, columns=list(COLUMNS), dtype=str)


def typed(raw: pd.DataFrame) -> pd.DataFrame:
    """The table as statistical packages keep it: numbers as floats, empty cells as NaN."""
    numbers = [column for column in raw if column not in TEXT_COLUMNS]
    return raw.assign(**{column: pd.to_numeric(raw[column]).astype(float) for column in numbers})


def write_raw(folder: Path, ending: str = "csv", frame: pd.DataFrame | None = None) -> Path:
    path = folder / f"sample.{ending}"
    raw = raw_frame() if frame is None else frame
    if ending == "csv":
        raw.to_csv(path, index=False)
    elif ending == "parquet":
        typed(raw).to_parquet(path)
    elif ending == "sav":
        user_missing = {"q5": [98.0, 99.0], "q3": [8.0, 9.0]}
        pyreadstat.write_sav(typed(raw), str(path), missing_ranges=user_missing)
    else:
        pyreadstat.write_dta(typed(raw), str(path))
    return path


def prepare(path: Path, **changes: object) -> PreparedCountry:
    options = {"mapping": mapping(), "simulated": True, "source": "column", **changes}
    return prepare_country("KEN", path, codebook=codebook(), **options)
