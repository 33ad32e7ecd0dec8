"""Every fault that a study's owner can make is told with its place and what to do.

One small study, right as it stands; each case below changes one thing in one of its files.
"""

from pathlib import Path

import pytest
from bad_configuration import CONFIGURATION, FILES
from bad_data import BOTH_MARGINS, DATA, SELECTION

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.microdata.margins import read_margins
from disrupting_harm.study.microdata.sample import is_respondent
from disrupting_harm.study.microdata.typed_answers import PreparedCountry, prepare_country
from disrupting_harm.study.study import load_study

CASES = {**CONFIGURATION, **DATA}


def write_study(folder: Path, *changes: tuple[str, str, str]) -> Path:
    files = dict(FILES)
    for name, old, new in changes:
        assert old in files[name], f"{old!r} is not in {name}"
        files[name] = files[name].replace(old, new)
    for name, content in files.items():
        (folder / name).write_bytes(content.encode("utf-8", "surrogateescape"))
    return folder / "config.yaml"


def run(config: Path) -> PreparedCountry:
    """Load the study and prepare its only country, as the workflow does."""
    study = load_study(config)
    prepared = prepare_country(
        "KEN",
        study.raw_file("KEN"),
        study.mappings["KEN"],
        study.codebook,
        simulated=study.config.study.simulated,
        source=study.config.weighting.source,
        lonely_psu=study.config.estimation.lonely_psu,
    )
    interviewed = prepared.sample[is_respondent(prepared.sample)]
    read_margins(study.margins_file("KEN"), study.config.weighting.margins, interviewed)
    return prepared


def test_the_study_is_right_as_it_stands(tmp_path):
    assert len(run(write_study(tmp_path)).answers) == 4
    (tmp_path / "selection").mkdir()
    assert len(run(write_study(tmp_path / "selection", SELECTION, BOTH_MARGINS)).sample) == 5


@pytest.mark.parametrize("fault", CASES)
def test_the_message_names_the_place_the_fault_and_the_remedy(tmp_path, fault):
    *changes, where, found, remedy = CASES[fault]
    with pytest.raises(StudyError) as caught:
        run(write_study(tmp_path, *changes))
    error = caught.value
    assert where in error.where
    assert found in error.found
    assert remedy in error.remedy


@pytest.mark.parametrize(
    ("says", "simulated", "found"),
    [
        ("1", "false", "simulated data in a study of observed data"),
        ("True", "false", "simulated data in a study of observed data"),
        ("0", "true", "observed data in a study of simulated data"),
    ],
)
def test_a_file_never_contradicts_the_watermark(tmp_path, says, simulated, found):
    lines = FILES["sample.csv"].splitlines()
    content = "\n".join([f"{lines[0]},simulated", *(f"{line},{says}" for line in lines[1:])])
    config = write_study(
        tmp_path,
        ("sample.csv", FILES["sample.csv"], content),
        ("config.yaml", "simulated: false", f"simulated: {simulated}"),
    )
    with pytest.raises(StudyError, match=rf"column 'simulated': {found}.*'study\.simulated'"):
        run(config)
    right = {"false": "true", "true": "false"}[simulated]
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace(f"simulated: {simulated}", f"simulated: {right}"))
    assert run(config).sample["simulated"].eq(says != "0").all()
