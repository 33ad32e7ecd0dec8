"""Sources of evidence, and the published figures of the default study."""

from pathlib import Path

import pytest
from evidence_files import OFFENCE, saved, workbook

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.reading.facts import read_evidence
from disrupting_harm.evidence.reading.grid_files import collect_sources, read_sources
from disrupting_harm.evidence.sources import SOURCES

ROOT = Path(__file__).parents[3]
EVIDENCE = ROOT / "config" / "evidence"
POLICE = ["police", "National Police", "law_enforcement", "Figures", 2020, "", "", "", "partner"]


def source_file(folder, *rows, name="sources.csv"):
    lines = [",".join(map(str, row)) for row in (SOURCES.column_names, *rows)]
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def published(table, file):
    return read_evidence(table, EVIDENCE / file, read_sources(EVIDENCE / "sources.csv"))


def test_a_source_as_printed(tmp_path):
    source = read_sources(source_file(tmp_path, POLICE))["police"]
    assert source.citation == "National Police, Figures, 2020"
    assert source.data_kind == "observed"
    undated = source_file(tmp_path, [*POLICE[:4], "", *POLICE[5:]])
    assert read_sources(undated)["police"].citation == "National Police, Figures"


def test_what_kind_of_data_a_source_tells(tmp_path):
    rows = [
        ["a", "A", "publication", "T", "", "", "", "", "open"],
        ["b", "B", "simulation", "T", "", "", "", "", "open"],
        ["c", "C", "simulation", "T", "", "", "", "", "restricted"],
        ["d", "D", "ngo", "T", "", "", "", "", "restricted"],
    ]
    kinds = {key: s.data_kind for key, s in read_sources(source_file(tmp_path, *rows)).items()}
    assert kinds == {"a": "published", "b": "simulated", "c": "simulated", "d": "observed"}


def test_faults_name_their_place(tmp_path):
    path = source_file(tmp_path, [*POLICE[:2], "polce", *POLICE[3:]])
    with pytest.raises(StudyError, match="row 2, column 'type': 'polce' is no known code"):
        read_sources(path)
    with pytest.raises(StudyError, match="row 3, column 'source_id': the same fact"):
        read_sources(source_file(tmp_path, POLICE, POLICE))


def with_sources(folder, *rows):
    book, _ = workbook("offences", {})
    sheet = book.create_sheet("sources")
    for row in (SOURCES.column_names, *rows):
        sheet.append(list(row))
    return saved(folder, book)


def test_sources_of_workbooks_are_collected(tmp_path):
    book = with_sources(tmp_path, POLICE)
    others = source_file(tmp_path, ["ngo", "N", "ngo", "T", "", "", "", "", "open"])
    found = collect_sources(others, [book, book])
    assert sorted(found) == ["ngo", "police"]
    table = read_evidence("offences", book, found)
    assert table["offences"].tolist() == [OFFENCE["offences"]]
    assert table["restriction"].tolist() == ["partner"]
    assert collect_sources(None, [EVIDENCE / "reporters.csv"]) == {}


def test_one_name_for_two_sources(tmp_path):
    book = with_sources(tmp_path, POLICE)
    same = collect_sources(source_file(tmp_path, POLICE), [book])
    assert list(same) == ["police"]
    other = source_file(tmp_path, [*POLICE[:3], "Other figures", *POLICE[4:]])
    with pytest.raises(StudyError, match="'police' stands for another source"):
        collect_sources(other, [book])


def test_published_cybertips():
    table = published("cybertips", "cybertip_reports.csv")
    assert set(table["data_kind"]) == {"published"}
    ncmec = table[table["source_id"] == "ncmec_countries"]
    assert ncmec["country"].nunique() == 14
    assert len(ncmec) == 14 * 7
    totals = ncmec.groupby(["year", "class"])["reports"].sum()
    assert totals.to_dict() == {
        (2019, "unsplit"): 2_735_400,
        (2020, "unsplit"): 4_119_991,
        (2021, "unsplit"): 7_117_132,
        (2022, "unsplit"): 6_507_802,
        (2023, "unsplit"): 6_183_078,
        (2024, "informational"): 782_872,
        (2024, "referral"): 3_431_654,
    }
    philippines = table[(table["country"] == "PHL") & (table["year"] == 2019)]
    assert philippines.set_index("source_id")["reports"].to_dict() == {
        "ncmec_countries": 801_272,
        "doj_philippines": 418_422,
        "doj_philippines_2022": 426_961,
    }
    later = table[table["source_id"].str.startswith("doj")].set_index(["year", "source_id"])
    assert later["reports"].to_dict() == {
        (2019, "doj_philippines"): 418_422,
        (2019, "doj_philippines_2022"): 426_961,
        (2020, "doj_philippines"): 1_297_474,
        (2020, "doj_philippines_2022"): 1_297_474,
        (2021, "doj_philippines"): 2_802_712,
        (2021, "doj_philippines_2022"): 3_084_566,
    }
    world = table[table["country"] == "WLD"].set_index("year")["reports"]
    assert world.to_dict() == {
        2019: 16_987_361,
        2020: 21_751_085,
        2021: 29_397_681,
        2022: 32_059_029,
        2023: 36_210_368,
        2024: 20_512_803,
    }


# As the platform of NCMEC had them, typed from its file a second time; None: printed as "<50".
INCIDENTS = {
    "ETH": (4_900, None, None, None, None, None),
    "IDN": (1_200_000, 9_700, 500, 600, None, 100),
    "KEN": (19_000, 1_200, 50, None, None, 200),
    "KHM": (67_000, 100, 70, None, None, None),
    "MOZ": (15_000, None, None, None, None, None),
    "MYS": (110_000, 2_100, 50, None, None, 100),
    "NAM": (1_200, 100, None, None, None, None),
    "PHL": (1_400_000, 7_000, 900, None, 200, 100),
    "RWA": (900, None, None, None, None, None),
    "THA": (240_000, 1_700, 100, None, None, None),
    "TZA": (6_700, None, None, None, None, None),
    "UGA": (7_500, None, None, None, None, None),
    "VNM": (280_000, 3_500, 4_100, 80, None, 50),
    "ZAF": (47_000, 4_500, 60, None, None, 400),
}
TYPES = (
    "csam", "online_enticement", "sex_trafficking", "sex_tourism", "molestation",
    "obscene_material",
)  # fmt: skip


def test_published_types_of_incident():
    table = published("cybertips", "cybertip_reports.csv")
    typed = table[table["incident_type"] != "all"]
    assert set(typed["source_id"]) == {"ncmec_platform"}
    assert set(typed["year"]) == {2024}
    assert set(typed["class"]) == {"referral"}
    counts = {
        (row["country"], row["incident_type"]): None
        if row["status"] == "suppressed"
        else int(row["reports"])
        for row in typed.to_dict("records")
    }
    assert counts == {
        (country, kind): count
        for country, of_country in INCIDENTS.items()
        for kind, count in zip(TYPES, of_country, strict=True)
    }
    # One type is at most all referrals, as far as rounding tells; of Thailand the platform has
    # fewer of all types together, too, and both figures stand there.
    exact = table[(table["class"] == "referral") & (table["incident_type"] == "all")]
    of_country = exact.groupby("country")["reports"].apply(list)
    for country, referrals in of_country.items():
        assert INCIDENTS[country][0] <= 1.05 * min(referrals), country
    assert of_country["THA"] == [262_288, 240_000]
    assert {len(referrals) for country, referrals in of_country.items() if country != "THA"} == {1}


def test_published_figures_of_companies():
    reporters = published("reporters", "reporters.csv")
    totals = reporters[reporters["reporter"] == "all"].set_index("year")["reports"]
    named = reporters[reporters["reporter"] != "all"]
    assert (named.groupby("year")["reports"].sum() <= totals).all()
    # The companies named make nearly all reports.
    assert (named.groupby("year")["reports"].sum() / totals > 0.96).all()
    meta = named[(named["reporter"] == "Meta") & (named["year"] == 2021)]
    assert meta["reports"].tolist() == [26_885_302]
    own = published("transparency", "transparency.csv")
    assert set(own["scope"]) == {"global"}
    reddit = own[(own["platform"] == "Reddit") & (own["metric"] == "reports_to_ncmec")]
    both = named[named["reporter"] == "Reddit"].merge(reddit, on="year")
    # Company and NCMEC agree but for 20 reports of 2023.
    assert (both["reports"] - both["amount"]).tolist() == [0, 0, 0, 0, 20, 0]
