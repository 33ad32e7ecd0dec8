"""What ``explain`` says of cells of the small study: as R computes them, and of hidden ones."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pypdf
import pytest
from checkout import Checkout
from published_copy import LANGUAGES
from repository import PROJECT
from site_pages import printed_at

from disrupting_harm.core.paths import templates_folder
from disrupting_harm.provenance.explain.explain_number import explain_number
from disrupting_harm.provenance.explain.explain_restricted import explain_restricted
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.provenance.r_code.recompute import ANSWERS_FILE, write_estimate_lines
from disrupting_harm.provenance.r_code.recompute_compared import COMPUTED
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.checks.numbers import agrees, agrees_with_whole
from disrupting_harm.report.language.markdown import CITED
from disrupting_harm.report.language.translator import load_translator
from disrupting_harm.study.study import Study, load_study
from disrupting_harm.study.whole_percents import WHOLE

# Numbers of R and the script that made them: tests/reference/explained/.
CELLS = PROJECT / "tests" / "reference" / "explained" / "cells.csv"
PRINTED, COMPARED = CELLS.with_name("printed.csv"), CELLS.with_name("compared.csv")
QUESTIONS = CELLS.with_name("questions.csv")
PREVALENCE = "compare/prevalence/"
LOCALE = templates_folder() / "locale"
NUMBERS = ("estimate", "se", "ci_low", "ci_high", "n", "df")
# The column at full precision of each column of whole per cents.
EXACT = {whole: column for column, whole in WHOLE.items()}


@pytest.fixture(scope="module")
def study(small: Checkout) -> Study:
    return load_study(small.folder / "config" / "config.yaml")


@pytest.fixture(scope="module")
def published(small: Checkout) -> PublishedFiles:
    return PublishedFiles(small.folder / "results" / "public")


@pytest.fixture(scope="module")
def restricted(small: Checkout) -> Path:
    return small.folder / "results" / "restricted"


@pytest.fixture(scope="module")
def release(restricted: Path) -> pd.DataFrame:
    return pd.read_parquet(restricted / "release" / "KEN.parquet")


def test_the_restricted_form_has_the_numbers_that_r_computes_by_the_lines_it_prints(
    study: Study, published: PublishedFiles, restricted: Path, release: pd.DataFrame
) -> None:
    with CELLS.open(encoding="utf-8", newline="") as file:
        cells = list(csv.DictReader(file))
    domains, below = set(), 0
    for cell in cells:
        place = published.find_cell(cell["address"])
        lines = explain_restricted(place, study, restricted)
        told = dict(entry.split(" ", 1) for entry in dict(lines)["restricted"].split("; "))
        for name in NUMBERS:
            assert float(told[name]) == pytest.approx(float(cell[name]), rel=1e-10), cell["address"]
        domains.add(place.row["domain"])
        below += float(told["deff"]) < 1
        assert "library(survey)" in lines[-1][1]
    assert domains == set(release["domain"])
    assert below >= 4


def test_printed_numbers_are_what_r_computes_by_their_own_lines(
    study: Study, published: PublishedFiles, restricted: Path
) -> None:
    """Numbers that were drawn from documents and pages: still printed there, and as R has them.

    The comparison's table of all countries has the numbers of the surveys. The public table rounds
    a share twice, each time from the exact one: with a decimal, and to the whole per cent that
    documents print. 27.47 stands there as 27.5 and as 27.
    """
    with PRINTED.open(encoding="utf-8", newline="") as file:
        drawn = list(csv.DictReader(file))
    assert len(drawn) == 260
    words = {name: load_translator(name, LOCALE) for name in ("en", *LANGUAGES)}
    found = {one["document"]: printed_in(published.public / one["document"]) for one in drawn}
    compared = wholes = 0
    for one in drawn:
        printed, where = one["printed"], f"{one['document']}: {one['printed']} at {one['address']}"
        assert (printed, one["address"]) in found[one["document"]], where
        compared += one["address"].startswith("compare/")
        place = published.find_cell(cell_of(one["address"]))
        language = next((each for each in one["document"].split("/") if each in words), "en")
        digits, whole = len(place.text.partition(".")[2]), place.column in EXACT
        exact = float(one[EXACT.get(place.column, place.column)])
        assert float(place.text) == round(100 * exact if whole else exact, digits), where
        assert published.find_cell(one["address"]).text == place.text, where
        right = agrees_with_whole if whole else agrees
        assert right(printed, float(place.text), words[language]), where
        wholes += whole
        told = dict(
            entry.split(" ", 1)
            for entry in dict(explain_restricted(place, study, restricted))["restricted"].split(
                "; "
            )
        )
        for name in NUMBERS:
            assert float(told[name]) == pytest.approx(float(one[name]), rel=1e-10), where
    assert compared > 10
    assert wholes > 100


def printed_in(path: Path) -> set[tuple[str, str]]:
    """Return the numbers of a document or a page as printed, each with its address."""
    if path.suffix == ".html":
        return printed_at(path)
    text = path.read_text(encoding="utf-8")
    return {(found[1], found[2]) for found in CITED.finditer(text)}


def cell_of(address: str) -> str:
    """Return the address of the number of a survey that the comparison prints, too."""
    if not address.startswith(PREVALENCE):
        return address
    indicator, country, column = address.removeprefix(PREVALENCE).split("/")
    return f"{country}/{indicator}/{column}"


def test_the_data_of_the_lines_have_no_child_and_are_for_their_owner(
    study: Study, published: PublishedFiles, restricted: Path, tmp_path: Path
) -> None:
    for address in ("KEN/clear_examples/estimate", "KEN/told_nobody/sex_age:boy+12-13/estimate"):
        write_estimate_lines(published.find_cell(address).row, study, restricted, tmp_path)
        header = (tmp_path / ANSWERS_FILE).read_text(encoding="utf-8").splitlines()[0].split(",")
        assert header[:3] == ["stratum", "psu", "weight"]
        assert not {"child_id", "country"} & set(header)


def test_numbers_of_the_comparison_are_what_r_computes_by_their_own_lines(
    study: Study, published: PublishedFiles, restricted: Path
) -> None:
    """Of larger families see tests/reference/test_compared_r.py."""
    with COMPARED.open(encoding="utf-8", newline="") as file:
        drawn = list(csv.DictReader(file))
    counted = Counter(one["address"].split("/")[1] for one in drawn)
    # With two countries there is no average without one of them; waves have a run of their own.
    assert {*counted} == {*COMPUTED} - {"leave_one_out", "changes"}
    assert min(counted[table] for table in ("pairwise", "gaps", "gap_pairs")) >= 40
    assert min(counted.values()) >= 10
    for one in drawn:
        address, theirs = one["address"], float(one["computed"])
        place = published.find_cell(address)
        assert place.text == one["printed"], address
        lines = explain_restricted(place, study, restricted)
        told = dict(text.split(" ", 1) for name, text in lines if name == "restricted")
        ours = float(told[place.column])
        # Models are fitted step by step, and errors of both end a little before the last digit.
        close = 1e-8 if "/adjusted" in address else 1e-10
        assert ours == pytest.approx(theirs, rel=close, abs=1e-11), address


def test_options_and_pairs_of_respondents_are_what_r_computes_by_their_own_lines(
    study: Study, published: PublishedFiles, restricted: Path
) -> None:
    with QUESTIONS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["row"].split("/")[1] for row in rows} == {"questions", "dyads"}
    assert len(rows) >= 20
    for row in rows:
        place = published.find_cell(f"{row['row']}/estimate")
        lines = explain_restricted(place, study, restricted)
        told = dict(text.split(" ", 1) for name, text in lines if name == "restricted")
        for name in ("estimate", "se", "ci_low", "ci_high", "df"):
            assert float(told[name]) == pytest.approx(float(row[name]), rel=1e-10), row["row"]
        assert "svydesign(" in dict(explain_number(place.address, published, study))["in R"]


@pytest.mark.parametrize(
    ("address", "files"),
    [
        ("compare/gaps/clear_examples/sex/girl/boy/KEN/p_holm", {"KEN.csv"}),
        ("compare/pairwise/uses_daily/KEN/KHM/ratio", {"KEN.csv", "KHM.csv"}),
        ("compare/gap_pairs/uses_daily/area/rural/urban/KEN/KHM/ci_low", {"KEN.csv", "KHM.csv"}),
        ("compare/prevalence/uses_daily/KHM/estimate", {ANSWERS_FILE}),
        ("KHM/questions/channel/channel_social_media/ci_low", {ANSWERS_FILE}),
        ("compare/bounds/clear_examples/KHM/lower", {"KHM.csv"}),
        ("compare/pooled/clear_examples/all/equal_country/estimate", {"KEN.csv", "KHM.csv"}),
        ("compare/denominators/uses_daily/KEN/all_children/children", {"KEN.csv", "KHM.csv"}),
        ("compare/adjusted/uses_daily/KEN/sex/girl/ratio", {"KEN.csv"}),
    ],
)
def test_lines_of_the_comparison_are_written_with_what_they_read(
    address: str, files: set[str], small: Checkout, tmp_path: Path
) -> None:
    done = small.say("explain", address, "--restricted", "--export", str(tmp_path))
    assert done.returncode == 0, done.stderr
    written = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    family = set() if ANSWERS_FILE in files or "/bounds/" in address else {"family.csv"}
    critical = {"critical.csv"} if "/denominators/" in address else set()
    assert {*written} == {"cell.R", *files, *family, *critical}
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir())
    # What is printed is what is written, and tells nothing of an answer.
    assert written["cell.R"].rstrip().replace("\n", "\n" + " " * 16) in done.stdout
    for name in files:
        header = written[name].partition("\n")[0].split(",")
        assert header[:3] == ["stratum", "psu", "weight"]
        assert not {"child_id", "country"} & set(header)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("compare/comparability/clear_examples/KEN/1/wave", "--restricted"), "no lines"),
        (("sum(KEN/quality/psus,KHM/quality/psus)", "--restricted"), "no lines"),
        (("KEN/clear_examples/estimate",), "--restricted is missing"),
    ],
)
def test_lines_are_written_of_what_has_some_and_for_their_owner(
    arguments: tuple[str, ...], said: str, small: Checkout, tmp_path: Path
) -> None:
    done = small.say("explain", *arguments, "--export", str(tmp_path / "check"))
    assert done.returncode == 1
    assert said in done.stderr
    assert not (tmp_path / "check").exists()


def test_a_hidden_number_says_the_same_whichever_rule_hid_it(
    study: Study, published: PublishedFiles, release: pd.DataFrame
) -> None:
    hidden = release[release["status"] == "suppress_disclosure"]
    few = hidden["n_yes"] < study.config.publication.disclosure.min_count
    told: dict[tuple[str, str], set[str]] = {}
    kinds: dict[tuple[str, str], set[bool]] = {}
    for row, first in zip(hidden.to_dict("records"), few, strict=True):
        address = f"{address_of_row('estimates', row)}/estimate"
        lines = dict(explain_number(address, published, study))
        assert set(lines) <= {
            *("number", "value", "what it is", "question", "made of", "counts", "asked of"),
            *("missing", "weights", "estimator", "df", "rounding", "reliability", "disclosure"),
            *(
                "who was asked",
                "rows left out",
                "column",
                "file",
                "SHA-256",
                "made from",
                "code",
                "release",
            ),
        }
        assert lines["reliability"].startswith("not told")
        whose = {"number", "what it is", "file"}
        said = "\n".join(f"{name} {text}" for name, text in lines.items() if name not in whose)
        pair = (row["indicator"], row["shown"])
        told.setdefault(pair, set()).add(said)
        kinds.setdefault(pair, set()).add(bool(first))
        assert not re.search(rf"(?<!\d){row['n']}(?!\d)", lines["value"].replace(row["shown"], ""))
    assert {len(said) for said in told.values()} == {1}
    # Cells of both kinds stand behind the same words: with few yes answers, and beside such.
    assert any(both == {True, False} for both in kinds.values())


def test_numbers_that_are_no_estimates_have_their_meaning_file_and_hash(
    study: Study, published: PublishedFiles
) -> None:
    for address in (
        "KEN/quality/psus",
        "KEN/policy_areas/policy/items",
        "KEN/cybertips/2024/referral/reports",
        "compare/pairwise/clear_examples/KEN/KHM/difference",
    ):
        lines = dict(explain_number(address, published, study))
        assert lines["value"] == published.find_cell(address).text
        assert len(lines["SHA-256"]) == 64


def test_a_number_of_the_configuration_says_what_its_key_is(
    study: Study, published: PublishedFiles
) -> None:
    lines = dict(explain_number("study/publication/disclosure/min_count", published, study))
    assert lines["value"] == "10"
    assert lines["what it is"] == "Smallest numerator, complement and denominator."


def test_a_number_on_paper_is_found_by_what_it_prints(small: Checkout) -> None:
    """Numbers and addresses are those that pypdf finds attached to the document."""
    brief = small.folder / "results/public/briefs/KHM/en/brief.pdf"
    attached = json.loads(pypdf.PdfReader(brief).attachments["numbers.json"][0])["numbers"]
    of_country = [(address, printed) for address, printed in attached if "KHM" in address]
    assert len(of_country) > 20
    for address, printed in of_country[::7]:
        done = small.say("explain", "--find", printed, "--in", "KHM")
        assert (done.returncode, done.stderr) == (0, ""), printed
        assert address in done.stdout.splitlines()
