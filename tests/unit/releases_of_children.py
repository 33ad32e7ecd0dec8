"""Children as two releases see them, for the tests of the gate."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from disrupting_harm.releases.cell_differences import CurrentRun, PublishedVersion
from disrupting_harm.releases.history import Key
from disrupting_harm.releases.records import Children, level_token, make_records
from disrupting_harm.study.codebook.codebook import Codebook

KEY = Key(bytes(range(32)))
COUNTRY = "KEN"
CODEBOOK = {
    "items": [
        {"id": "level", "type": "choice", "values": ["L1", "L2"], "respondent": "sample"},
        {"id": "area", "type": "choice", "values": ["A", "B"], "respondent": "sample"},
        {"id": "gate", "type": "yes_no"},
        {"id": "item", "type": "yes_no"},
    ],
    "domains": [
        {"id": "total", "label": "Total"},
        {"id": "level", "label": "Level", "item": "level"},
        {"id": "area", "label": "Area", "item": "area"},
        {"id": "both", "label": "Both", "cross": ["level", "area"]},
    ],
    "modules": [{"id": "m", "label": "Module"}],
    "indicators": [
        {
            "id": name,
            "module": "m",
            "label": name,
            "sensitive": name == "grave",
            "universe": [{"item": "gate", "among": ["yes"]}] if name == "follow_up" else [],
            "numerator": [{"item": "item", "among": ["yes"]}],
        }
        for name in ("plain", "grave", "follow_up", "later")
    ],
}


def codebook() -> Codebook:
    return Codebook.model_validate(CODEBOOK)


def children(
    rows: Sequence[tuple[str, str, Mapping[str, int]]],
    weights: Mapping[str, float] | None = None,
    areas: Mapping[str, str] | None = None,
) -> Children:
    """Return children from (identifier, level, answers by indicator)."""
    names = [name for name, _, _ in rows]
    answers = pd.DataFrame([dict(said) for _, _, said in rows], index=names)
    levels = pd.DataFrame({"total": "all", "level": [level for _, level, _ in rows]}, index=names)
    if areas is not None:
        levels["area"] = [areas.get(name, "A") for name in names]
        levels["both"] = levels["level"] + "|" + levels["area"]
    return Children(
        COUNTRY,
        pd.Series(names, index=names),
        pd.Series([(weights or {}).get(name, 1.0) for name in names], index=names),
        levels,
        answers.map("{:g}".format).where(answers.notna(), "").astype("str"),
        answers == 1,
    )


def present(of: Children, domains: Sequence[str] | None = None) -> CurrentRun:
    """Return what a run of these children would publish."""
    records = make_records(of, KEY)
    tables = [(name, domain) for name in of.answers for domain in (domains or of.levels)]
    return CurrentRun(
        records,
        of.yes.loc[records.index],
        pd.DataFrame(tables, columns=["indicator", "domain"]),
        lambda then: make_records(of, KEY, then),
    )


def version(
    of: Children, name: str = "2026-1", hidden: Sequence[tuple[str, str]] = ()
) -> PublishedVersion:
    """Return what a release of these children published; ``hidden`` are (domain, level)."""
    cells = []
    for indicator in of.answers:
        valid = of.answers[indicator] != ""
        for domain in of.levels:
            for level in sorted(set(of.levels[domain]) - {""}):
                inside = valid & (of.levels[domain] == level)
                covered = (domain, level) in hidden
                cells.append(
                    {
                        "indicator": indicator,
                        "domain": domain,
                        "level": level,
                        "n": int(inside.sum()),
                        "n_yes": float((inside & of.yes[indicator]).sum()),
                        "status": "suppress_disclosure" if covered else "present",
                        "shown": "c" if covered else "50",
                        "bound_low": np.nan,
                        "bound_high": np.nan,
                        "reason": "small_count" if covered else "",
                        "release": name,
                    }
                )
    levels = {
        domain: {
            level_token(KEY, COUNTRY, domain, level): level for level in set(of.levels[domain])
        }
        for domain in of.levels
    }
    return PublishedVersion(name, make_records(of, KEY), pd.DataFrame(cells), levels)
