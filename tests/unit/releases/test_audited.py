"""Only what gives no hidden number away is accepted."""

import json
from pathlib import Path

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.releases.accept import count_disclosed_numbers


@pytest.mark.parametrize("told", [0, 1, None])
def test_a_certificate_that_tells_a_number_is_refused(tmp_path: Path, told: int | None) -> None:
    for code, said in (("KEN", 0), ("KHM", told)):
        folder = tmp_path / "public" / "countries" / code
        folder.mkdir(parents=True)
        (folder / "disclosure.json").write_text(json.dumps({} if said is None else {"told": said}))
    if told == 0:
        assert count_disclosed_numbers(tmp_path, ["KEN", "KHM"]) == 0
    else:
        with pytest.raises(StudyError, match=r"KHM.disclosure\.json: a hidden number could be"):
            count_disclosed_numbers(tmp_path, ["KEN", "KHM"])
