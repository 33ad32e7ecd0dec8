import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import designbased

MODULES = {path.stem for path in Path(designbased.__file__).parent.iterdir()}
HEAVY = ["samplics", "statsmodels", "polars", "matplotlib", "pyarrow.dataset", "scipy.stats"]


@pytest.mark.parametrize("name", designbased.__all__)
def test_every_name_is_there_and_explained(name: str) -> None:
    found = getattr(designbased, name)
    assert callable(found)
    assert not isinstance(found, ModuleType)
    assert found.__doc__


def test_no_name_is_hidden_by_a_module() -> None:
    assert not MODULES & set(designbased.__all__)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ImportError, match="no_such_name"):
        exec("from designbased import no_such_name")


def test_estimates_do_not_wait_for_other_libraries() -> None:
    code = (
        "import json, sys; from designbased import SurveyDesign, estimate;"
        f"print(json.dumps([name for name in {HEAVY} if name in sys.modules]))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert json.loads(found.stdout) == []
