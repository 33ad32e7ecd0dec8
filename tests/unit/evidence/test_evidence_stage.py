"""The stage from files to public tables: nothing closed leaves, every table keeps its contract."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from evidence_files import SOURCES as POLICE
from evidence_files import csv_file
from evidence_frames import KENYA

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.contracts import facts_contract, public_evidence_contract
from disrupting_harm.evidence.tables import PUBLIC, TABLES
from disrupting_harm.evidence.tables_of_study import (
    SIMULATED,
    list_public_tables,
    select_study_tables,
    select_triangulated_tables,
)
from disrupting_harm.provenance.datapackage import describe_data_package
from disrupting_harm.stages.evidence import (
    check_tables,
    publish_evidence,
    publish_triangulation,
    read_facts,
    simulate_tables,
)
from disrupting_harm.tables.io import read_table

CONFIG = Path(__file__).parents[3] / "config" / "evidence"
AREAS, FORMS = [str(CONFIG / "capacity.yaml")], str(CONFIG / "triangulation.yaml")
STUDY = {"population": "internet-using children", "simulated": True}
COUNTRIES = [
    KENYA,
    {"country": "ETH", "children": 5_000_000, "children_source": "a census"},
    {"country": "PHL"},
]
PUBLISHED = {
    "cybertips": str(CONFIG / "cybertip_reports.csv"),
    "reporters": str(CONFIG / "reporters.csv"),
    "transparency": str(CONFIG / "transparency.csv"),
    "known_studies": str(CONFIG / "known_studies.csv"),
    "legislation": str(CONFIG / "legislation.csv"),
    "instruments": str(CONFIG / "instruments.csv"),
    "policies": str(CONFIG / "policies.csv"),
    "service_register": str(CONFIG / "service_register.csv"),
}
SOURCES = (
    "source_id,organisation,type,title,restriction\n"
    "open,An agency,law_enforcement,A yearbook,open\n"
    "closed,The police,law_enforcement,A file,restricted\n"
)


def publish(
    folder: Path, tables: dict[str, str], sources: list[str], countries: Any = COUNTRIES
) -> Path:
    """Check tables and publish them; return the public folder."""
    codes = [row["country"] for row in COUNTRIES]
    checked = str(folder / "checked")
    check_tables(
        tables=tables,
        sources=sources,
        areas=AREAS,
        countries=codes,
        other_countries="leave_out",
        date="2026-11-24",
        folder=checked,
    )
    shared: dict[str, Any] = {
        "sources": f"{checked}/sources.parquet",
        "countries": countries,
        "study": STUDY,
        "small_counts": {"people": 10, "professionals": 10},
    }
    publish_evidence(
        tables={name: f"{checked}/{name}.parquet" for name in tables},
        areas=AREAS,
        labels=[],
        folder=str(folder / "public"),
        **shared,
    )
    publish_triangulation(
        tables={name: f"{checked}/{name}.parquet" for name in select_triangulated_tables(tables)},
        forms=FORMS,
        estimates=[],
        output=str(folder / "public" / "triangulation.csv"),
        **shared,
    )
    return folder / "public"


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All tables of two countries, published and simulated."""
    folder = tmp_path_factory.mktemp("evidence")
    settings, simulated = str(CONFIG / "simulation.yaml"), folder / "simulated"
    simulate_tables(
        countries=COUNTRIES, settings=settings, areas=AREAS[0], seed=1, folder=str(simulated)
    )
    tables = PUBLISHED | {name: str(simulated / f"{name}.csv") for name in SIMULATED}
    sources = [str(CONFIG / "sources.csv"), str(simulated / "sources.csv")]
    publish(folder, tables, sources)
    return folder


def table(folder: Path, name: str) -> pd.DataFrame:
    return read_table(folder / "public" / f"{name}.csv", public_evidence_contract(name))


def test_every_table_is_written_and_keeps_its_contract(everything):
    names = list_public_tables(select_study_tables(PUBLISHED, simulation=True), forms=True)
    assert names[0] == "cybertips"
    assert set(names) == set(PUBLIC)
    written = {path.stem for path in (everything / "public").glob("*.csv")}
    assert written == set(names)
    assert [name for name in names if table(everything, name).empty] == []


def test_every_column_is_described(everything):
    paths = sorted((everything / "public").glob("*.csv"))
    target = everything / "results" / "evidence"
    target.mkdir(parents=True)
    for path in paths:
        (target / path.name).write_bytes(path.read_bytes())
    package = describe_data_package(
        everything / "results",
        sorted(target.glob("*.csv")),
        {"id": "a", "title": "A", "simulated": True},
    )
    said = {entry["path"]: entry["simulated"] for entry in package["resources"]}
    assert said["evidence/cybertips.csv"] is False
    assert said["evidence/offences.csv"] is True
    status = {
        field["name"]: field["description"]
        for entry in package["resources"]
        for field in entry["schema"]["fields"]
    }["status"]
    assert "zero_reported" in status


def test_published_figures_are_unchanged_and_the_rest_says_that_it_is_simulated(everything):
    told = pd.read_csv(CONFIG / "reporters.csv")
    published = table(everything, "reporters")
    assert published["reports"].sum() == told.loc[told["reporter"] != "all", "reports"].sum()
    for name in PUBLISHED:
        assert set(table(everything, name)["data_kind"]) == {"published"}
    for name in SIMULATED:
        assert set(table(everything, name)["data_kind"]) == {"simulated"}, name


def test_no_count_of_people_is_small(everything):
    for name, column in (("offences", "offences"), ("frontline", "count"), ("frontline", "n"),
                         ("justice", "mentioned"), ("justice", "interviews")):  # fmt: skip
        counts = table(everything, name)[column].dropna()
        assert not counts.between(1, 9).any(), name
    totals = table(everything, "offence_rates")["offences"].dropna()
    assert not totals.between(1, 9).any()
    assert (table(everything, "offences")["status"] == "suppressed").any()


def test_zero_and_not_recorded_stay_apart(everything):
    offences = table(everything, "offences")
    assert (offences.loc[offences["status"] == "zero_reported", "offences"] == 0).all()
    ethiopia = offences[(offences["country"] == "ETH") & (offences["technology"] == "yes")]
    assert "zero_reported" in set(ethiopia["status"])
    assert offences.loc[offences["status"] == "not_recorded", "offences"].isna().all()


def test_microdata_stay_restricted(everything):
    assert "respondent" in pd.read_parquet(everything / "checked" / "frontline.parquet")
    for path in (everything / "public").glob("*.csv"):
        assert "respondent" not in path.read_text(encoding="utf-8").splitlines()[0].split(",")


@pytest.mark.slow
def test_the_same_files_give_the_same_bytes(everything, tmp_path):
    again = publish(
        tmp_path,
        PUBLISHED | {name: str(everything / "simulated" / f"{name}.csv") for name in SIMULATED},
        [str(CONFIG / "sources.csv"), str(everything / "simulated" / "sources.csv")],
    )
    for path in (everything / "public").glob("*.csv"):
        assert path.read_bytes() == (again / path.name).read_bytes(), path.name


def write_offences(folder: Path, *rows: str) -> dict[str, str]:
    # Files of before there were codes of the classification of crime.
    header = ",".join(name for name in TABLES["offences"].column_names if name != "iccs")
    path = folder / "offences.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    (folder / "sources.csv").write_text(SOURCES, encoding="utf-8")
    return {"offences": str(path)}


def offence(country: str, code: str, count: str, status: str, source: str) -> str:
    return (
        f"{country},Police,2019,{code},An offence,s. 1,ocsea,yes,reported,all,all,victims,"
        f"{count},{status},{source},victims,the police"
    )


def test_closed_rows_and_other_countries_leave_no_trace(tmp_path, capsys):
    tables = write_offences(
        tmp_path,
        offence("KEN", "OPEN1", "271", "reported", "open"),
        offence("KEN", "CLOSED1", "314", "reported", "closed"),
        offence("UGA", "OPEN1", "577", "reported", "open"),
    )
    public = publish(tmp_path, tables, [str(tmp_path / "sources.csv")])
    texts = "".join(path.read_text(encoding="utf-8") for path in public.glob("*.csv"))
    assert "271" in texts
    assert not any(trace in texts for trace in ("314", "CLOSED1", "A file", "577", "UGA"))
    told = capsys.readouterr().out
    assert "offences: 1 row of sources that are not open" in told
    assert "offences: 1 row (UGA 1) left out: the countries file does not list them" in told
    names = {path.stem for path in public.glob("*.csv")}
    assert names == {
        "offences", "offence_rates", "offence_changes", "several_sources", "triangulation"
    }  # fmt: skip


def test_rows_of_countries_that_the_study_does_not_list_are_a_fault(tmp_path):
    tables = write_offences(
        tmp_path,
        offence("ken", "OPEN1", "271", "reported", "open"),
        offence("UGA", "OPEN1", "577", "reported", "open"),
    )
    arguments: dict[str, Any] = {
        "tables": tables, "sources": [str(tmp_path / "sources.csv")], "areas": AREAS,
        "folder": str(tmp_path / "checked"), "other_countries": "refuse",
        "date": "2026-11-24",
    }  # fmt: skip
    with pytest.raises(
        StudyError, match=r"offences\.csv, row 3, column 'country': UGA is a country that the"
    ):
        check_tables(**arguments, countries=["KEN", "ETH"])
    # Listed, and small letters are read as large ones; of the world, nothing is refused.
    check_tables(**arguments, countries=["KEN", "UGA"])
    checked = read_table(tmp_path / "checked" / "offences.parquet", facts_contract("offences"))
    assert checked["country"].tolist() == ["KEN", "UGA"]
    world = {name: PUBLISHED[name] for name in ("reporters", "transparency")}
    sources = [str(CONFIG / "sources.csv")]
    check_tables(**arguments | {"tables": world, "sources": sources}, countries=["KEN"])


def test_countries_that_a_run_leaves_out_are_counted(tmp_path, capsys):
    tables = write_offences(
        tmp_path,
        offence("KEN", "OPEN1", "271", "reported", "open"),
        offence("PHL", "OPEN1", "577", "reported", "open"),
    )
    publish(tmp_path, tables, [str(tmp_path / "sources.csv")], countries=[KENYA])
    told = capsys.readouterr().out
    assert "offences: 1 row (PHL 1) left out: the configuration runs other countries only" in told


def test_a_study_whose_rows_are_all_closed_has_empty_tables(tmp_path):
    tables = write_offences(tmp_path, offence("KEN", "C", "314", "reported", "closed"))
    public = publish(tmp_path, tables, [str(tmp_path / "sources.csv")])
    for name in ("offences", "offence_rates", "several_sources"):
        found = read_table(public / f"{name}.csv", public_evidence_contract(name))
        assert found.empty
        assert list(found) == PUBLIC[name].column_names


def test_a_fault_names_its_cell_and_nothing_is_written(tmp_path):
    tables = write_offences(tmp_path, offence("KEN", "C", "", "reported", "open"))
    with pytest.raises(StudyError, match=r"offences\.csv.*row 2.*'offences'"):
        publish(tmp_path, tables, [str(tmp_path / "sources.csv")])
    assert not (tmp_path / "checked" / "offences.parquet").exists()
    assert not (tmp_path / "public").exists()


def test_which_tables_a_study_has():
    assert select_study_tables([], simulation=False) == {}
    assert list_public_tables([], forms=True) == []
    assert select_study_tables(["offences"], simulation=False) == {"offences": False}
    both = select_study_tables(["offences", "cybertips"], simulation=True)
    assert both["offences"] is False
    assert both["capacity"] is True
    assert next(iter(both)) == "cybertips"
    assert list_public_tables(["policy"], forms=False) == ["policy", "policy_areas"]


def test_a_table_without_a_row_is_a_fault(tmp_path):
    path = csv_file(tmp_path, "cybertips")
    with pytest.raises(StudyError, match=r"cybertips\.csv: the table 'cybertips' has no row below"):
        read_facts("cybertips", path, POLICE, ["KEN"], None, "refuse", "2026-11-24")
