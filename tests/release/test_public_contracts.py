"""The two contracts, column by column: restricted estimates and what leaves of them."""

import io
import json
import math
import re
import zipfile
from contextlib import closing
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from checkout import SMALL, Checkout
from lxml import etree
from openpyxl import load_workbook
from PIL import Image
from word_contents import find_faulty_entries

from disrupting_harm.comparison import NEEDS, TABLES
from disrupting_harm.study.codebook.codebook import load_codebook
from disrupting_harm.study.statuses import NO_INDICATOR
from disrupting_harm.tables.contracts import public_contract
from disrupting_harm.tables.io import read_table
from disrupting_harm.tables.schemas import read_resource_schema

RESTRICTED = [
    *("country", "indicator", "domain", "level", "n", "n_yes", "population", "estimate", "se"),
    *("ci_low", "ci_high", "deff", "n_eff", "df", "interval", "group_kish", "group_psus"),
    *("group_df", "reliability", "reason"),
]
PUBLIC = [
    *("country", "indicator", "domain", "level", "n", "population", "estimate", "ci_low"),
    *(
        "ci_high",
        "whole",
        "whole_low",
        "whole_high",
        "interval",
        "interval_note",
        "shown",
        "bound_low",
    ),
    *("bound_high", "status", "reason"),
]


@pytest.fixture(scope="module")
def restricted(small: Checkout) -> pd.DataFrame:
    """Restricted estimates of both countries."""
    folder = small.folder / "results" / "restricted" / "estimates"
    return pd.concat(
        [pd.read_parquet(folder / f"{code}.parquet") for code in SMALL], ignore_index=True
    )


@pytest.fixture(scope="module")
def public(small: Checkout) -> pd.DataFrame:
    """The public table of both countries."""
    return pd.read_csv(small.folder / "results/public/estimates.csv", keep_default_na=False)


SVG = "http://www.w3.org/2000/svg"
ENDINGS = (".svg", "-phone.svg", ".csv")


def test_restricted_estimates_have_their_columns(small: Checkout, restricted: pd.DataFrame) -> None:
    assert list(restricted) == RESTRICTED
    for code in SMALL:
        path = small.folder / "results" / "restricted" / "estimates" / f"{code}.parquet"
        assert pq.read_schema(path).metadata[b"simulated"] == b"true"
    assert not restricted.duplicated(RESTRICTED[:4]).any()
    assert set(restricted["reliability"]) <= {"present", "caution", "review", "suppress"}
    codebook = load_codebook(small.folder / "config" / "indicators.yaml")
    sample = pd.concat(
        [
            pd.read_parquet(small.folder / f"results/restricted/prepared/{code}/sample.parquet")
            for code in SMALL
        ]
    )
    interviewed = sample[sample["disposition"] == "complete"]
    # A level in which nobody was interviewed is no cell; daily use does not stand in the domain
    # that is made of how often children use the internet.
    cells = {
        (code, indicator.id, domain.id, level)
        for code, children in interviewed.groupby("country")
        for indicator in codebook.indicators
        for domain in codebook.domains
        for level in codebook.levels(domain.id)
        if (children[domain.id] == level).any()
        and (indicator.id, domain.id) != ("uses_daily", "frequency")
    }
    assert {level for _, _, domain, level in cells if domain == "region"} >= {"region_6"}
    assert not {cell for cell in cells if cell[0] == "KHM" and cell[3] == "region_6"}
    assert set(restricted[RESTRICTED[:4]].itertuples(index=False, name=None)) == cells


def test_restricted_numbers_agree_among_themselves(
    small: Checkout, restricted: pd.DataFrame
) -> None:
    codebook = load_codebook(small.folder / "config" / "indicators.yaml")
    proportions = [entry.id for entry in codebook.indicators if entry.statistic == "proportion"]
    cells = restricted[restricted["indicator"].isin(proportions) & (restricted["n"] > 0)]
    assert (cells["n_yes"] <= cells["n"]).all()
    assert cells["estimate"].between(0, 1).all()
    # 0 or all answers yes is 0 % or 100 %, and only then.
    assert ((cells["n_yes"] == 0) == (cells["estimate"] == 0)).all()
    assert ((cells["n_yes"] == cells["n"]) == (cells["estimate"] > 1 - 1e-12)).all()
    bounded = cells[cells["ci_low"].notna()]
    assert (bounded["ci_low"] <= bounded["estimate"] + 1e-12).all()
    assert (bounded["ci_high"] >= bounded["estimate"] - 1e-12).all()


def test_a_drawing_has_the_title_that_its_index_says(small: Checkout) -> None:
    """Browsers show it and readers of screens say it; an XML parser that is not ours reads it."""
    titles = 0
    for index in (small.folder / "results" / "public" / "figures").rglob("figures.json"):
        for entry in json.loads(index.read_text(encoding="utf-8")):
            for name in filter(None, (*entry["files"], entry["phone"])):
                title = etree.parse(index.parent / name).findtext(f"{{{SVG}}}title")
                assert title, name
                assert title in entry["alt"], name
                titles += 1
    assert titles > 100


def test_public_texts_have_no_sign_that_only_programs_know(small: Checkout) -> None:
    """Signs of notes within a text, of no character, and of controls are for no reader."""
    signs = re.compile(r"[\ufff9-\uffff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
    kinds = {
        ".html",
        ".svg",
        ".csv",
        ".json",
        ".qmd",
        ".md",
        ".js",
        ".css",
        ".yml",
        ".xml",
        ".typ",
        ".R",
    }
    paths = [p for p in (small.folder / "results/public").rglob("*") if p.suffix in kinds]
    assert kinds - {path.suffix for path in paths} <= {".xml"}
    assert [str(p) for p in paths if signs.search(p.read_text(encoding="utf-8"))] == []


def test_public_tables_are_one_and_the_same(small: Checkout, public: pd.DataFrame) -> None:
    assert list(public) == PUBLIC
    folder = small.folder / "results" / "public"
    parts = [(folder / f"countries/{code}/estimates.csv").read_text() for code in SMALL]
    header = parts[0].splitlines(keepends=True)[0]
    whole = header + "".join(part.removeprefix(header) for part in parts)
    assert (folder / "estimates.csv").read_text() == whole


def test_every_estimate_is_decided_on(public: pd.DataFrame, restricted: pd.DataFrame) -> None:
    keys = RESTRICTED[:4]
    assert public[keys].equals(restricted[keys].astype(public[keys].dtypes))
    assert set(public["status"]) <= {
        *("present", "caution", "review", "suppress_reliability", "suppress_disclosure")
    }


def test_hidden_cells_carry_marks_only(public: pd.DataFrame) -> None:
    hidden = public[public["status"].str.startswith("suppress")]
    assert (hidden[PUBLIC[4:13]].astype(str).replace("nan", "") == "").all(axis=None)
    limits = {"< 5": (0, 0.05), "< 10": (0, 0.1), "< 20": (0, 0.2), "< 30": (0, 0.3)}
    limits |= {f"> {100 - int(sign[2:])}": (1 - high, 1) for sign, (_, high) in limits.items()}
    assert set(hidden["shown"]) <= {"*", "c", *limits}
    for printed in public.to_dict("records"):
        told = [printed[name] for name in ("bound_low", "bound_high") if printed[name] != ""]
        assert [float(each) for each in told] == pytest.approx(limits.get(printed["shown"], ()))
    confidential = hidden["status"] == "suppress_disclosure"
    assert set(hidden.loc[confidential, "reason"]) == {"confidential"}
    assert (hidden.loc[~confidential, "shown"] == "*").all()


def test_shown_numbers_are_rounded_by_n_alone(
    small: Checkout, public: pd.DataFrame, restricted: pd.DataFrame
) -> None:
    codebook = load_codebook(small.folder / "config" / "indicators.yaml")
    statistic = {entry.id: entry.statistic for entry in codebook.indicators}
    # Sensitive questions print one n and population: the largest of all put to the same children.
    put_to = {e.id: str(e.universe) for e in codebook.indicators}
    sensitive = restricted["indicator"].isin([e.id for e in codebook.indicators if e.sensitive])
    groups = [restricted[name] for name in ("country", "domain", "level")]
    alike = [*groups, restricted["indicator"].map(put_to)]
    for name in ("n", "population"):
        largest = restricted[name].groupby(alike).transform("max")
        restricted = restricted.assign(**{name: restricted[name].mask(sensitive, largest)})
    rows = zip(public.to_dict("records"), restricted.to_dict("records"), strict=True)
    shown = 0
    for printed, exact in rows:
        if printed["status"].startswith("suppress"):
            continue
        shown += 1
        assert int(printed["n"]) == exact["n"]
        assert float(printed["population"]) % 100 == 0
        assert abs(float(printed["population"]) - exact["population"]) <= 50
        places = 3 if exact["n"] >= 500 else 2
        if statistic[exact["indicator"]] != "proportion":
            places = 2 - math.floor(math.log10(abs(exact["estimate"])))
            assert printed["shown"] == f"{float(printed['estimate']):.{max(places, 0)}f}"
        else:
            percent = 100 * float(printed["estimate"])
            assert printed["shown"] == f"{percent:.{places - 2}f}"
        for name in ("estimate", "ci_low", "ci_high"):
            assert float(printed[name]) == np.round(exact[name], places), (name, exact)
    assert shown > 1000


# What a cell of each kind is to a reader of the data package.
CELLS = {
    "string": r"(?s).*",
    "integer": r"-?\d+",
    "number": r"-?\d+(\.\d+)?(e-?\d+)?",
    "boolean": "True|False",
}


def test_the_data_package_describes_every_public_table(small: Checkout) -> None:
    folder = small.folder / "results" / "public"
    package = json.loads((folder / "datapackage.json").read_text())
    assert package["simulated"] is True
    described = {entry["path"]: entry for entry in package["resources"]}
    tables = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.csv")
        if not {"reports", "regional"} & set(path.relative_to(folder).parts)
    }
    books = {path.relative_to(folder).as_posix() for path in folder.rglob("*.xlsx")}
    pages = {path.relative_to(folder).as_posix() for path in (folder / "explained").rglob("*.html")}
    assert len(books) == 4
    assert len(pages) > 10
    assert set(described) == tables | books | pages
    told = books | pages
    assert all(described[path]["simulated"] and described[path]["description"] for path in told)
    for path, entry in described.items():
        if path in told:
            continue
        header = (folder / path).read_text(encoding="utf-8").splitlines()[0].split(",")
        fields = read_resource_schema(folder, entry)["fields"]
        assert [field["name"] for field in fields] == header
        assert all(field["description"] for field in fields)
        cells = pd.read_csv(folder / path, dtype=str, keep_default_na=False)
        for field in fields:
            known = cells[field["name"]][cells[field["name"]] != ""]
            assert known.str.fullmatch(CELLS[field["type"]]).all(), (path, field["name"])
        kinds = pd.read_csv(folder / path, keep_default_na=False).get("data_kind")
        # A table without rows says it by its description alone, as the two contracts do.
        silent = kinds is None or kinds.empty
        assert entry["simulated"] is (silent or "simulated" in set(kinds)), path
    law = ("legislation", "legislation_claims", "instruments", "policies", "service_register")
    for name in ("cybertips", "reporters", "transparency", "known_studies", *law):
        assert described[f"evidence/{name}.csv"]["simulated"] is False
    assert described["evidence/offences.csv"]["simulated"] is True


def test_figures_lie_once_and_reports_name_them(small: Checkout) -> None:
    public = small.folder / "results" / "public"
    sources = [*public.glob("reports/*/*/report.qmd"), public / "regional" / "en" / "report.qmd"]
    assert len(sources) == 4
    for source in sources:
        named = re.findall(r"\]\(((?:\.\./)+figures/[^)]+)\)", source.read_text(encoding="utf-8"))
        assert len(named) > 6
        for name in named:
            picture = (source.parent / name).resolve()
            assert picture.is_relative_to((public / "figures").resolve())
            assert all(picture.with_name(f"{picture.name}{end}").is_file() for end in ENDINGS)
        assert not (source.parent / "figures").exists()
        # Word takes pixels: its file holds each figure, of 150 dots an inch and with its title.
        with zipfile.ZipFile(source.with_suffix(".docx")) as word:
            held = {word.read(n) for n in word.namelist() if n.startswith("word/media/")}
        pictures = [Image.open(io.BytesIO(content)) for content in held]
        sizes = {picture.info.get("Title"): picture.size for picture in pictures}
        for name in named:
            root = ElementTree.parse((source.parent / f"{name}.svg").resolve()).getroot()
            dots = [float(side) * 150 / 72 for side in root.get("viewBox").split()[2:]]
            assert sizes[root.findtext("{*}title")] == pytest.approx(dots, abs=1), name


def test_the_contents_of_each_word_report_lead_to_its_headings(small: Checkout) -> None:
    public = small.folder / "results" / "public"
    reports = [*public.glob("reports/*/*/report.docx"), *public.glob("regional/*/report.docx")]
    assert len(reports) == 4
    assert {str(path): find_faulty_entries(path) for path in reports} == {
        str(path): [] for path in reports
    }


def test_country_reports_name_sheets_that_the_workbook_has(small: Checkout) -> None:
    public = small.folder / "results" / "public"
    for code in SMALL:
        text = (public / "reports" / code / "en" / "report.qmd").read_text(encoding="utf-8")
        cited = {*re.findall(r"\*\*Data:\*\* data book, “([^”]+)”", text)}
        (path,) = (public / "databooks" / code / "en").glob("*.xlsx")
        # Excel takes 31 letters of a title.
        with closing(load_workbook(path, read_only=True)) as book:
            sheets = tuple(name.rstrip("…") for name in book.sheetnames)
        assert {"CyberTip reports", "Recorded offences"} <= cited
        assert [title for title in cited if not title.startswith(sheets)] == [], code


def test_options_have_the_numbers_of_the_estimates(small: Checkout) -> None:
    """Limits that hold together are wider; of hidden options nothing is printed beside."""
    for code in SMALL:
        folder = small.folder / "results" / "public" / "countries" / code
        options = read_table(str(folder / "questions.csv"), public_contract("country/options"))
        estimates = pd.read_csv(folder / "estimates.csv", dtype={"shown": str})
        national = estimates[estimates["domain"] == "total"].set_index("indicator")
        own = options[options["status"] != NO_INDICATOR].set_index("option")
        one = national.loc[own.index]
        assert (own[["shown", "status"]] == one[["shown", "status"]]).all(axis=None)
        shown = own["estimate"].notna()
        assert shown.any()
        assert (own.loc[shown, "estimate"] == one.loc[shown, "estimate"]).all()
        assert (own.loc[shown, "ci_low"] <= one.loc[shown, "ci_low"]).all()
        assert (own.loc[shown, "ci_high"] >= one.loc[shown, "ci_high"]).all()
        assert own.loc[~shown, ["n", "ci_low", "ci_high"]].isna().all(axis=None)
        assert options.groupby("question")["may_be_first"].any().all()
        pairs = read_table(str(folder / "dyads.csv"), public_contract("country/dyads"))
        assert (pairs["n"].dropna() % 10 == 0).all()
        assert not {"se", "df", "n_yes"} & {*pairs, *options}


@pytest.mark.parametrize("study", ["small", pytest.param("nhanes2", marks=pytest.mark.slow)])
def test_comparison_tables_keep_their_contracts(request: pytest.FixtureRequest, study: str) -> None:
    results = request.getfixturevalue(study).folder / "results"
    folder = (results if study == "small" else results / study) / "public" / "comparison"
    # A study that does not say how many are within reach of its survey scales nothing up.
    scaled = set() if study == "small" else {"denominators", "total"}
    there = {path.stem for path in folder.glob("*.csv")}
    # A study without a file of actions ranks no needs.
    assert there == {*TABLES, *([NEEDS] if study == "small" else [])} - scaled
    for name in sorted(there):
        table = read_table(str(folder / f"{name}.csv"), public_contract(f"comparison/{name}"))
        assert not {"se", "df", "deff", "n_eff", "n_yes", "smallest_n"} & set(table)
