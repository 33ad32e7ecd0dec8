"""A newcomer's study from labelled files to documents: drafted, decided, run, and read."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from checkout import Checkout, make_checkout
from labelled_surveys import decide, make_answers, write_statistical
from public_texts import all_text, printed_texts, public_files
from samplics.estimation import TaylorEstimator
from samplics.utils.types import PopParam

# A study from end to end.
pytestmark = pytest.mark.slow
CONFIG = "trust/config.yaml"
# No label of the files has these words.
FOREIGN = re.compile(r"child|disrupting[\s_]*harm|abuse|exploitation|helpline", re.I)
# A word of programs, too, as names of their parts: no reader sees it.
FOREIGN_IN_PRINT = re.compile("online|internet", re.I)
# Names of the languages that pages are programmed in.
OF_LANGUAGES = re.compile(
    r"(?:first|last|only|nth|nth-last)-child|(?:first|last|append|replace)Child(?:ren)?\b|\.children\b"
    r"|(?:at|has)\(\"children\""
)
# The program is called so, where a reader is told what made a file or what to type.
COMMAND = re.compile(r"disrupting-harm")
UNDESCRIBED = (
    "The data do not tell how people were selected: all numbers and intervals hold only as if "
    "everybody had had the same chance to be asked, each alone."
)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Kenya tells how people were selected, Uganda does not; their surveys have two names."""
    checkout = make_checkout(tmp_path_factory.mktemp("drafted") / "study")
    write_statistical(checkout.folder / "ken.sav", make_answers(1))
    of_rows = make_answers(2).drop(columns=["wt", "strat", "cluster"])
    write_statistical(checkout.folder / "uga.dta", of_rows)
    drafted = checkout.say("init", "trust", "--data", "ken.sav", "uga.dta")
    assert drafted.returncode == 0, drafted.stderr
    refused = checkout.run(config=CONFIG)
    assert refused.returncode == 1
    assert "lines with the word TODO left" in refused.stderr
    decide(checkout.folder / "trust")
    checkout.edit("trust/countries.csv", "uga.yaml,en,Survey of trust", "uga.yaml,en,Second poll")
    done = checkout.run(config=CONFIG)
    assert done.returncode == 0, done.stderr
    return checkout


def test_no_public_file_has_a_word_of_another_topic(study: Checkout) -> None:
    folder = study.folder / "results" / "trust" / "public"
    kinds = {path.suffix for path in public_files(folder)}
    assert {".html", ".pdf", ".docx", ".xlsx", ".csv", ".json", ".svg"} <= kinds
    for path in public_files(folder):
        text = COMMAND.sub(
            "", OF_LANGUAGES.sub("", f"{path.relative_to(folder)}\n{all_text(path)}")
        )
        words = [text[max(0, w.start() - 60) : w.end() + 60] for w in FOREIGN.finditer(text)]
        words += FOREIGN_IN_PRINT.findall(" ".join(printed_texts(path)))
        assert words == [], path
        assert "TODO" not in text, path


def read_text(study: Checkout, place: str) -> str:
    path = study.folder / "results" / "trust" / "public" / place
    return " ".join(" ".join(printed_texts(path)).split())


@pytest.mark.parametrize("kind", ["html", "pdf", "docx"])
def test_reports_say_whether_the_selection_is_known(kind: str, study: Checkout) -> None:
    kenya = read_text(study, f"reports/KEN/en/report.{kind}")
    uganda = read_text(study, f"reports/UGA/en/report.{kind}")
    assert "The sample has 24 sampling points in 4 strata." in kenya
    assert UNDESCRIBED not in kenya
    assert UNDESCRIBED in uganda
    assert "sampling points" not in uganda
    assert "All answers count alike: the data have no weights." in uganda
    # Each names its own survey.
    assert "Survey of trust, 2018" in kenya
    assert "Second poll, 2018" in uganda
    assert "Second poll" not in kenya


def test_pages_and_data_books_say_it_too(study: Checkout) -> None:
    assert UNDESCRIBED in read_text(study, "countries/UGA.html")
    assert UNDESCRIBED not in read_text(study, "countries/KEN.html")
    assert UNDESCRIBED in read_text(study, "databooks/UGA/en/databook.xlsx")
    assert f"Uganda: {UNDESCRIBED}" in read_text(study, "methods.html")
    assert "none in the data: all answers count alike" in read_text(study, "explained/UGA.html")
    assert "all answers count alike" not in read_text(study, "explained/KEN.html")


@pytest.mark.parametrize("country", ["KEN", "UGA"])
def test_numbers_equal_samplics(country: str, study: Checkout) -> None:
    """From the file that was read to the estimate, with what samplics makes of the same answers."""
    estimates = pd.read_parquet(
        study.folder / "results" / "trust" / "restricted" / "estimates" / f"{country}.parquet"
    ).set_index(["indicator", "domain", "level"])
    frame = make_answers({"KEN": 1, "UGA": 2}[country])
    design = {"samp_weight": frame["wt"], "stratum": frame["strat"], "psu": frame["cluster"]}
    if country == "UGA":
        design = {"samp_weight": np.ones(len(frame))}
    theirs = TaylorEstimator(PopParam.mean)
    theirs.estimate(y=frame["q5_1"], **design)
    ours = estimates.loc[("q5_1", "total", "all")]
    assert ours["n"] == len(frame)
    np.testing.assert_allclose(ours["estimate"], theirs.point_est, rtol=1e-10)
    np.testing.assert_allclose(ours["se"], theirs.stderror, rtol=1e-10)


def test_drafts_stay_out_of_results(study: Checkout) -> None:
    """The raw files lie where they were, and nothing of their remarks is in any result."""
    for path in (study.folder / "results").rglob("*.csv"):
        assert "remark 7" not in Path(path).read_text(encoding="utf-8", errors="replace")
