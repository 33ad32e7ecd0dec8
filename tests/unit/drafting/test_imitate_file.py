"""A file in the shape of a real one: what it tells, that no row is real, and that a study runs."""

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from labelled_surveys import LABELS, VALUE_LABELS, make_answers, write_statistical

from disrupting_harm.__main__ import main
from disrupting_harm.core.errors import StudyError
from disrupting_harm.drafting.imitate_file import LEAST, TITLE, imitate_file
from disrupting_harm.drafting.write_study import draft_study

MISSING = {"trust": [{"lo": 4, "hi": 4}]}
NESTED = [("cluster", "strat")]


def read(path: Path) -> tuple[pd.DataFrame, object]:
    reader = pyreadstat.read_sav if path.suffix == ".sav" else pyreadstat.read_dta
    return reader(str(path), user_missing=True)  # type: ignore[no-any-return]


@pytest.fixture(params=[".sav", ".dta"])
def real(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"ken{request.param}"
    options = {"missing_ranges": MISSING} if request.param == ".sav" else {}
    write_statistical(path, make_answers(1), **options)
    return path


def test_names_labels_and_codes_are_those_of_the_real_file(real: Path, tmp_path: Path) -> None:
    out = tmp_path / f"imitation{real.suffix}"
    imitate_file(real, out, 700, 1, nested=NESTED)
    (frame, notes), (real_frame, real_notes) = read(out), read(real)
    assert len(frame) == 700
    assert list(frame) == list(real_frame)
    assert notes.column_names_to_labels == LABELS
    assert notes.variable_value_labels == real_notes.variable_value_labels
    assert notes.variable_value_labels["vote"] == VALUE_LABELS["vote"]
    assert notes.missing_ranges == real_notes.missing_ranges
    assert notes.file_label == TITLE
    # PSUs lie in their strata, as they do in the real file.
    pairs = {tuple(pair) for pair in frame[["cluster", "strat"]].to_numpy()}
    assert pairs == {tuple(pair) for pair in real_frame[["cluster", "strat"]].to_numpy()}
    assert frame["idno"].is_unique


def test_no_row_is_real_and_no_rare_value_is_told(real: Path, tmp_path: Path) -> None:
    out = tmp_path / f"imitation{real.suffix}"
    imitate_file(real, out, 700, 1)
    (frame, _), (real_frame, _) = read(out), read(real)
    answers = ["agea", "wt", "weightkg", "happy", "vote"]
    real_rows = {tuple(row) for row in real_frame[answers].to_numpy()}
    assert not real_rows & {tuple(row) for row in frame[answers].to_numpy()}
    # Weights of one person each: none of them, and ends of one digit beyond theirs.
    assert not set(real_frame["wt"]) & set(frame["wt"])
    assert not set(real_frame["remark"]) & set(frame["remark"])
    assert real_frame["weightkg"].value_counts().max() < LEAST
    assert not set(real_frame["weightkg"]) & set(frame["weightkg"])
    assert frame["weightkg"].min() >= 0
    # How often each code is said is not told: 5 in 100 refused, as many as said yes here.
    assert frame["vote"].value_counts(normalize=True).max() < 0.3


def test_a_study_is_drafted_from_an_imitation_as_from_the_real_file(
    real: Path, tmp_path: Path
) -> None:
    out = tmp_path / "copy" / real.name
    out.parent.mkdir()
    imitate_file(real, out, 480, 1, nested=NESTED)
    for name, data in (("of_real", real), ("of_imitation", out)):
        draft_study(tmp_path / name, [data])
    codebooks = [
        (tmp_path / name / "indicators.yaml").read_text("utf-8")
        for name in ("of_real", "of_imitation")
    ]
    questions = [[line for line in text.splitlines() if "question:" in line] for text in codebooks]
    assert questions[0] == questions[1] != []


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_columns_without_labels_keep_common_codes_alone(suffix: str, tmp_path: Path) -> None:
    district = ["North"] * 30 + ["South"] * 25 + ["Elsewhere"] * 3 + [""] * 22
    frame = pd.DataFrame({"district": district, "code": [float(n % 4) for n in range(80)]})
    path, out = tmp_path / f"real{suffix}", tmp_path / f"out{suffix}"
    if suffix == ".csv":
        frame.to_csv(path, index=False, sep=";")
    else:
        frame.to_parquet(path)
    imitate_file(path, out, 200, 3)
    drawn = pd.read_csv(out, sep=";") if suffix == ".csv" else pd.read_parquet(out)
    drawn_districts = set(drawn["district"].fillna("").astype(str))
    assert {"North", "South", ""} <= drawn_districts
    assert "Elsewhere" not in drawn_districts
    assert set(drawn["code"].dropna().astype(float)) == {0, 1, 2, 3}
    renamed = tmp_path / f"renamed{suffix}"
    imitate_file(path, renamed, 200, 3, renamed=["district"])
    content = renamed.read_bytes()
    assert b"North" not in content
    assert b"South" not in content


def test_the_same_seed_draws_the_same_rows(real: Path, tmp_path: Path) -> None:
    outs = [tmp_path / f"{name}{real.suffix}" for name in ("a", "b", "c")]
    for out, seed in zip(outs, (1, 1, 2), strict=True):
        imitate_file(real, out, 50, seed)
    frames = [read(out)[0] for out in outs]
    assert frames[0].equals(frames[1])
    assert not frames[0].equals(frames[2])


def test_what_cannot_be_imitated_is_refused(real: Path, tmp_path: Path) -> None:
    out = tmp_path / f"out{real.suffix}"
    with pytest.raises(StudyError, match="does not end in"):
        imitate_file(real, tmp_path / "out.xlsx", 10, 1)
    with pytest.raises(StudyError, match="there is such a file"):
        imitate_file(real, real, 10, 1)
    with pytest.raises(StudyError, match="no column 'place'"):
        imitate_file(real, out, 10, 1, renamed=["place"])
    with pytest.raises(StudyError, match="rows that agree in it differ in 'cluster'"):
        imitate_file(real, out, 10, 1, nested=[("strat", "cluster")])
    assert not out.exists()


def test_the_command_says_what_the_imitation_tells(
    real: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / f"out{real.suffix}"
    nested = ("--nested", "cluster", "strat")
    assert main(["imitate", str(real), "--out", str(out), "--rows", "60", *nested]) == 0
    assert "60 rows that were never there, 14 columns" in capsys.readouterr().out
    assert len(read(out)[0]) == 60
