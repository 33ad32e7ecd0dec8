"""The stages that compare groups and countries from the microdata, file in, file out."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from simulated_study import children, small, study

from disrupting_harm.comparison.country_effects import ONE_COUNTRY
from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_parquet_metadata
from disrupting_harm.publication.release import decide_release
from disrupting_harm.simulation.study import simulate_study
from disrupting_harm.stages.adjust import _join_calibration, adjust_countries
from disrupting_harm.stages.audit import audit
from disrupting_harm.stages.contrast import contrast_country
from disrupting_harm.stages.estimate import (
    build_calibration,
    estimate_country,
    read_analysis,
    read_composites,
)
from disrupting_harm.stages.prepare import prepare
from disrupting_harm.stages.weight import weight_country
from disrupting_harm.study.microdata.mapping import Variable
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import read_table, write_table

TABLES = ("gaps", "standardised", "bounds", "ratios", "slopes")
MARGINS = ("sex", "area")
COUNTRIES = ("KEN", "THA")


def settings(**changes: object) -> dict:
    return study().config.comparison.model_dump(mode="json") | {"draws": 10_000} | changes


def prepared(country: str, folder: Path, unasked: tuple[str, ...] = ()) -> None:
    """Everything that comes before, for 300 small PSUs of which 30 are drawn."""
    mapping, codebook = study().mappings[country], study().codebook
    absent = {item: Variable(asked=False) for item in unasked}
    mapping = mapping.model_copy(update={"variables": {**mapping.variables, **absent}})
    made = simulate_study(
        country, small(country), codebook, mapping, children(country), 1.0, MARGINS, 3
    )
    folder.mkdir()
    made.sample.to_csv(folder / "raw.csv", index=False)
    made.margins.to_csv(folder / "margins.csv", index=False)
    prepare(
        country=country, raw=str(folder / "raw.csv"), margins=str(folder / "margins.csv"),
        margin_names=MARGINS, mapping=mapping.model_dump(mode="json"),
        codebook=codebook.model_dump(mode="json"), simulated=True, source="selection",
        lonely_psu="centre", calibrated_errors=False, folder=str(folder),
    )  # fmt: skip
    weighting = study().config.weighting.model_dump(mode="json")
    weighting |= {"margins": MARGINS, "trimming": None}
    weighting["nonresponse"] |= {"classes": ("area",)}
    outputs = ("weights", "units", "diagnostics", "margins", "steps", "collapses")
    weight_country(
        sample=str(folder / "sample.parquet"), margins=str(folder / "margins.csv"),
        indicators=str(folder / "indicators.parquet"), weighting=weighting, key_indicators=[],
        **{f"{name}_output": str(folder / f"{name}.parquet") for name in outputs},
    )  # fmt: skip
    estimate_country(
        country=country, **inputs(folder), margins=MARGINS, output=str(folder / "estimates.parquet")
    )
    estimates = read_table(folder / "estimates.parquet", restricted_contract("country/estimates"))
    released = decide_release(estimates, study().config.publication, study().codebook)
    write_table(folder / "release.parquet", released, restricted_contract("country/release"), True)


def inputs(folder: Path) -> dict:
    estimation = study().config.estimation.model_dump(mode="json")
    return {
        "sample": str(folder / "sample.parquet"),
        "indicators": str(folder / "indicators.parquet"),
        "parts": str(folder / "parts.parquet"),
        "weights": str(folder / "weights.parquet"),
        "item_answers": str(folder / "item_answers.csv"),
        "codebook": study().codebook.definitions(),
        "estimation": estimation | {"lonely_psu": "centre"},
        "reliability": "nchs2017",
        "simulated": True,
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("study")
    for country in COUNTRIES:
        prepared(country, root / country)
    return root


def contrast(source: Path, target: Path, country: str = "KEN", **changes: object) -> dict:
    options = {
        **inputs(source),
        "asked": str(source / "asked.parquet"),
        "margins": MARGINS,
        "comparison": settings(),
        "outputs": {name: str(target / f"{name}.parquet") for name in TABLES},
        **changes,
    }
    contrast_country(country=country, **options)
    return {
        name: read_table(target / f"{name}.parquet", restricted_contract(f"contrasts/{name}"))
        for name in TABLES
    }


@pytest.fixture(scope="module")
def tables(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    return contrast(folder / "KEN", tmp_path_factory.mktemp("contrasts"))


@pytest.fixture(scope="module")
def estimates(folder: Path) -> pd.DataFrame:
    table = read_table(
        folder / "KEN" / "estimates.parquet", restricted_contract("country/estimates")
    )
    return table.set_index(["indicator", "domain", "level"])


def headline() -> list[str]:
    return [entry.id for entry in study().codebook.indicators if entry.headline]


def test_every_headline_indicator_has_its_rows(tables):
    pairs = 1 + 3 + 1
    assert tables["gaps"]["indicator"].tolist() == [x for x in headline() for _ in range(pairs)]
    assert tables["standardised"]["indicator"].tolist() == headline()
    assert tables["bounds"]["indicator"].tolist() == headline()
    levels = 1 + 2 + 1 + 2
    assert tables["ratios"]["indicator"].tolist() == [x for x in headline() for _ in range(levels)]
    associations = study().config.comparison.associations
    assert tables["slopes"][["indicator", "characteristic"]].to_records(index=False).tolist() == [
        (outcome, name)
        for outcome in associations.outcomes
        for name in associations.characteristics
    ]
    assert all((table["country"] == "KEN").all() for table in tables.values())


def test_gaps_are_differences_of_the_estimates(tables, estimates):
    for row in tables["gaps"].itertuples():
        a = estimates.loc[(row.indicator, row.domain, row.level_a)]
        b = estimates.loc[(row.indicator, row.domain, row.level_b)]
        assert (row.n_a, row.n_b) == (a["n"], b["n"])
        expected = a["estimate"] - b["estimate"]
        assert row.difference == pytest.approx(expected, abs=1e-11, nan_ok=True)


def test_crude_estimates_are_the_national_ones(tables, estimates):
    for table, column in (("standardised", "crude"), ("bounds", "estimate")):
        for row in tables[table].itertuples():
            national = estimates.loc[(row.indicator, "total", "all"), "estimate"]
            assert getattr(row, column) == pytest.approx(national, rel=1e-9)


def test_standardised_estimates_are_judged(tables):
    table = tables["standardised"]
    small = table["n"] < 30
    assert (table.loc[small, "reliability"] == "suppress").all()
    assert (table["reliability"] == "present").any()


def test_bounds_are_of_those_who_were_asked(tables, folder):
    counts = read_table(
        folder / "KEN" / "item_answers.csv", restricted_contract("country/item_answers")
    ).set_index("indicator")
    table = tables["bounds"].set_index("indicator")
    own = counts.loc[table.index]
    assert table["n_valid"].tolist() == own["n_valid"].tolist()
    assert table["n_asked"].tolist() == (own["n_universe"] - own["n_not_asked"]).tolist()
    share = table["valid_share"]
    np.testing.assert_allclose(table["upper"] - table["lower"], 1 - share, atol=1e-12)
    assert (table["lower_ci_low"] <= table["ci_low"]).all()
    assert (table["ci_low"] <= table["lower"]).all()
    assert (table["upper"] <= table["ci_high"]).all()
    assert (table["ci_high"] <= table["upper_ci_high"]).all()
    assert (table["n_asked"] > table["n_valid"]).any()


def test_daily_use_is_not_adjusted_for_how_often_the_internet_is_used(tables):
    own = tables["ratios"].query("indicator == 'uses_daily'")
    left_out = own["term"] == "frequency"
    assert own["note"].str.startswith("not in the model").tolist() == left_out.tolist()


def test_small_bases_have_notes_for_missing_numbers(tables):
    table = tables["ratios"]
    assert (table["ratio"].notna() | (table["note"] != "")).all()
    assert not table["note"].str.contains(r"\d of|\d rows").any()


def test_the_files_say_that_they_are_simulated_and_are_the_same_twice(folder, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        contrast(folder / "KEN", tmp_path / name)
    for name in TABLES:
        first, second = (tmp_path / run / f"{name}.parquet" for run in ("a", "b"))
        assert first.read_bytes() == second.read_bytes()
        assert read_parquet_metadata(first) == {"simulated": "true"}


def test_what_a_study_leaves_out_is_an_empty_table(folder, tmp_path):
    nothing = settings(gaps=[], standard=None, adjust_for=[], associations=None)
    tables = contrast(folder / "KEN", tmp_path, comparison=nothing)
    assert {name: len(table) for name, table in tables.items()} == {
        "gaps": 0, "standardised": 0, "bounds": len(headline()), "ratios": 0,
        "slopes": 0,
    }  # fmt: skip


def test_other_children_are_refused(folder, tmp_path):
    asked = pd.read_parquet(folder / "KEN" / "asked.parquet").iloc[::-1]
    asked.to_parquet(tmp_path / "asked.parquet", index=False)
    with pytest.raises(StudyError, match="other respondents"):
        contrast(folder / "KEN", tmp_path, asked=str(tmp_path / "asked.parquet"))


def write_ledger(path: Path, not_comparable: tuple[str, str]) -> None:
    rows = [
        {
            **dict.fromkeys(restricted_contract("comparison/comparability").columns, ""),
            "indicator": name,
            "country": code,
            "comparable": "no" if (code, name) == not_comparable else "yes",
            "data_kind": "simulated",
        }
        for name in headline()
        for code in COUNTRIES
    ]
    write_table(path, pd.DataFrame(rows), restricted_contract("comparison/comparability"), True)


def adjust(
    folder: Path,
    output: Path,
    not_comparable: tuple[str, str] = ("", ""),
    calibrated_errors: bool = False,
    **changes: object,
) -> pd.DataFrame:
    given = inputs(folder)
    write_ledger(output.with_name("ledger.parquet"), not_comparable)
    options = {"comparison": settings(), **changes}
    adjust_countries(
        countries=COUNTRIES,
        samples=[str(folder / code / "sample.parquet") for code in COUNTRIES],
        indicators=[str(folder / code / "indicators.parquet") for code in COUNTRIES],
        parts=[str(folder / code / "parts.parquet") for code in COUNTRIES],
        weights=[str(folder / code / "weights.parquet") for code in COUNTRIES],
        releases=[str(folder / code / "release.parquet") for code in COUNTRIES],
        ledger=str(output.with_name("ledger.parquet")),
        codebook=given["codebook"],
        estimation=given["estimation"] | {"calibrated_errors": calibrated_errors},
        margins=MARGINS,
        simulated=True,
        output=str(output),
        **options,
    )
    return read_table(output, restricted_contract("comparison/adjusted_countries"))


def composites(folder: Path) -> dict:
    children = pd.read_parquet(folder / "indicators.parquet").set_index("child_id").index
    return read_composites(folder / "parts.parquet", children)


def test_composites_with_open_answers_are_one_estimate_everywhere(folder, tables, estimates):
    found = composites(folder / "KEN")
    assert sorted(found) == ["any_tf_csea", "clear_examples"]
    bounds = tables["bounds"].set_index("indicator")
    gaps = tables["gaps"].set_index(["indicator", "domain"])
    for name, parts in found.items():
        cell = estimates.loc[(name, "total", "all")]
        assert parts.open.sum() > 0
        assert cell["n"] == parts.answered.sum()
        assert cell["n_yes"] == parts.yes.sum()
        assert bounds.loc[name, "estimate"] == pytest.approx(cell["estimate"], rel=1e-12)
        assert bounds.loc[name, "lower"] < cell["estimate"] < bounds.loc[name, "upper"]
        # Children with a missing part and no yes are in the population of the estimate.
        assert bounds.loc[name, "n_valid"] == (parts.yes | parts.complete).sum()
        girls, boys = (estimates.loc[(name, "sex", level), "estimate"] for level in ("girl", "boy"))
        assert gaps.loc[(name, "sex"), "difference"] == pytest.approx(girls - boys, rel=1e-12)


def test_models_of_composites_are_of_children_with_all_parts(folder, tables):
    ratios = tables["ratios"]
    for name, parts in composites(folder / "KEN").items():
        ages = ratios[(ratios["indicator"] == name) & (ratios["term"] == "sex")]
        assert ages["n"].max() < parts.complete.sum()
        assert ages["n_yes"].max() <= (parts.yes & parts.complete).sum()


def test_parts_of_other_children_are_refused(folder, tmp_path):
    table = pd.read_parquet(folder / "KEN" / "parts.parquet").iloc[::-1]
    table.to_parquet(tmp_path / "parts.parquet", index=False)
    with pytest.raises(StudyError, match="other respondents"):
        contrast(folder / "KEN", tmp_path, parts=str(tmp_path / "parts.parquet"))


def test_countries_are_compared_where_their_estimates_are_shown(folder, tmp_path):
    table = adjust(folder, tmp_path / "adjusted.parquet")
    released = pd.concat(
        [
            read_table(folder / code / "release.parquet", restricted_contract("country/release"))
            for code in COUNTRIES
        ]
    )
    national = released[(released["domain"] == "total") & released["indicator"].isin(headline())]
    hidden = national["status"].str.startswith("suppress")
    shown = national[~hidden]
    assert 0 < hidden.sum() < len(national)
    found = table.groupby("indicator")["country"].agg(list).to_dict()
    assert found == shown.groupby("indicator")["country"].agg(sorted).to_dict()
    whole = table.groupby("indicator").filter(lambda rows: rows["ratio"].notna().all())
    assert len(whole)
    for _, rows in whole.groupby("indicator"):
        assert np.log(rows["ratio"]).sum() == pytest.approx(0, abs=1e-10)


def test_countries_that_cannot_be_compared_are_left_out(folder, tmp_path):
    table = adjust(folder, tmp_path / "adjusted.parquet", not_comparable=("THA", "uses_daily"))
    own = table[table["indicator"] == "uses_daily"]
    assert own["country"].tolist() == ["KEN"]
    assert own["note"].tolist() == [ONE_COUNTRY]


def test_without_terms_no_countries_are_adjusted(folder, tmp_path):
    table = adjust(folder, tmp_path / "adjusted.parquet", comparison=settings(adjust_for=[]))
    assert table.empty


def test_calibrated_errors_change_the_errors_of_all_comparisons_alone(folder, tmp_path):
    source = folder / "KEN"
    estimation = inputs(source)["estimation"]
    # Few of this small sample are counted in the outcomes of the study.
    frequent = {"outcomes": ["knows_where_to_get_help"], "characteristics": ["uses_daily"]}
    plain, calibrated = (
        contrast(
            source,
            tmp_path,
            comparison=settings(associations=frequent),
            estimation=estimation | {"calibrated_errors": accounted},
        )
        for accounted in (False, True)
    )
    for name, point, error in (
        ("gaps", "difference", "se"),
        ("standardised", "estimate", "se"),
        ("bounds", "lower", "lower_ci_low"),
        ("ratios", "ratio", "log_ratio_se"),
        ("slopes", "log_ratio", "log_ratio_se"),
    ):
        found = calibrated[name]
        pd.testing.assert_series_equal(found[point], plain[name][point])
        ratio = (found[error] / plain[name][error]).dropna()
        assert ((ratio - 1).abs() > 1e-3).mean() > 0.5, name
        assert 0.8 < ratio.median() < 1.25, name

    weights = adjust(folder, tmp_path / "weights.parquet")
    margins = adjust(folder, tmp_path / "margins.parquet", calibrated_errors=True)
    pd.testing.assert_series_equal(margins["ratio"], weights["ratio"])
    ratio = (margins["log_ratio_se"] / weights["log_ratio_se"]).dropna()
    assert len(ratio)
    assert ((ratio - 1).abs() > 1e-4).all()


def test_the_calibration_of_each_country_is_its_own(folder, tmp_path):
    """Residuals of all countries together are those of each country alone."""
    frames = [
        read_analysis(
            *(
                str(folder / code / f"{name}.parquet")
                for name in ("sample", "indicators", "weights")
            ),
            study().codebook,
        )[0]
        for code in COUNTRIES
    ]
    joint = _join_calibration(pd.concat(frames, keys=COUNTRIES), MARGINS)
    own = [build_calibration(frame, MARGINS) for frame in frames]
    scores = np.random.default_rng(1).normal(size=(sum(map(len, frames)), 2))
    parts = np.split(scores, [len(frames[0])])
    expected = [each.residuals(part) for each, part in zip(own, parts, strict=True)]
    np.testing.assert_allclose(joint.residuals(scores), np.concatenate(expected), atol=1e-12)


@pytest.fixture(scope="module")
def unasked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A survey that asked neither of shared images nor of the household's wealth."""
    folder = tmp_path_factory.mktemp("unasked") / "KEN"
    prepared("KEN", folder, ("images_shared", "wealth"))
    return folder


def test_what_was_not_asked_has_its_status_and_no_number(unasked):
    table = read_table(unasked / "release.parquet", restricted_contract("country/release"))
    absent = table[table["status"] == "not_asked"]
    composites = {"images_shared", "clear_examples", "any_tf_csea"}
    whole = absent[absent["domain"] == "total"]
    assert set(whole["indicator"]) == composites
    assert set(absent.loc[~absent["indicator"].isin(composites), "domain"]) == {"wealth"}
    assert absent["estimate"].isna().all()
    assert (table[table["indicator"].isin(composites)]["status"] == "not_asked").all()


def test_nothing_is_contrasted_that_was_not_asked(unasked, tmp_path):
    # The outcome that was not asked, and one that a small sample has enough of.
    both = {
        "outcomes": ["clear_examples", "knows_where_to_get_help"],
        "characteristics": ["uses_daily"],
    }
    found = contrast(unasked, tmp_path, comparison=settings(associations=both))
    numbers = {"gaps": "difference", "standardised": "estimate", "bounds": "estimate",
               "ratios": "ratio", "slopes": "log_ratio"}  # fmt: skip
    for name, column in numbers.items():
        table = found[name]
        rows = table["indicator"].isin(["clear_examples", "any_tf_csea"])
        assert table.loc[rows, column].isna().all(), name
        assert table.loc[~rows, column].notna().any(), name


def audited(folder: Path, target: Path, codebook: dict) -> pd.DataFrame:
    files = inputs(folder)
    read = {name: [files[name]] for name in ("indicators", "parts", "weights")}
    audit(
        countries=["KEN"], samples=[files["sample"]], **read,
        estimates=[str(folder / "estimates.parquet")], codebook=codebook,
        units=["none"], margins=[], weighting={"source": "column"},
        estimation={"interval": "korn_graubard", "confidence": 0.95, "lonely_psu": "certainty",
                    "calibrated_errors": True}, table_output=str(target / "second.csv"),
        weights_output=str(target / "weights.csv"),
        summary_output=str(target / "summary.json"),
    )  # fmt: skip
    return pd.read_csv(target / "second.csv")


def test_the_audit_recomputes_what_was_asked(unasked, tmp_path):
    codebook = study().codebook.definitions()
    found = audited(unasked, tmp_path, codebook)
    proportions = {x for x in headline() if x not in ("clear_examples", "any_tf_csea")}
    assert set(found["indicator"]) == proportions
    for entry in codebook["indicators"]:
        entry["headline"] = entry["id"] == "clear_examples"
    with pytest.raises(StudyError, match="no survey asked a headline proportion"):
        audited(unasked, tmp_path, codebook)
