"""Stage *evidence*: published facts beside the survey."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.evidence.cybertips import cybertip_table
from disrupting_harm.study.contracts import CYBERTIPS, write_table


def publish_evidence(*, cybertips: str, countries: Sequence[dict[str, Any]], output: str) -> None:
    """Write the public table of CyberTip reports; its source is public already."""
    write_table(output, cybertip_table(Path(cybertips), countries), CYBERTIPS, simulated=False)
