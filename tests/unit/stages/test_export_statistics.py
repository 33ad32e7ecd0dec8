"""What is sent is audited as it is sent, not as the release had it."""

from types import SimpleNamespace

import pytest
from release_cells import codebook_of, from_counts, released

from disrupting_harm.core.errors import StudyError
from disrupting_harm.stages.export_statistics import refuse_disclosing_cells
from disrupting_harm.study.configuration.publication_config import Ethics, Publication


def test_a_cover_that_is_sent_with_its_number_is_refused() -> None:
    counts = [("x", "total", "all", 400, 34), ("x", "sex", "boy", 200, 4)]
    table = released(from_counts([*counts, ("x", "sex", "girl", 200, 30)]))
    config, codebook = (
        SimpleNamespace(publication=Publication(), ethics=Ethics()),
        codebook_of(table),
    )
    refuse_disclosing_cells(table, table, config, codebook)
    sent = table.assign(status=table["status"].mask(table["level"] == "girl", "present"))
    with pytest.raises(StudyError, match="KEN, x: a hidden number could be worked back"):
        refuse_disclosing_cells(sent, table, config, codebook)
