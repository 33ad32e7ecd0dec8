"""Parameters of jobs that are long: Snakemake keeps a digest of them beside each output."""

from typing import Any

from disrupting_harm.provenance.imports import digest


class LongParameter(dict[str, Any]):
    """A mapping that is known by its digest; a job gets the plain mapping.

    Snakemake keeps the ``repr`` of each parameter with each output, and reads all of them to plan
    the next run. With the text of the codebook that were 40 MB in the default study.
    """

    def __init__(self, mapping: dict[str, Any]) -> None:
        super().__init__(mapping)
        self._digest = digest(dict.__repr__(self))

    def __repr__(self) -> str:
        """Return what changes with the mapping."""
        return f"sha256:{self._digest}"

    def __reduce__(self) -> tuple[type[dict[str, Any]], tuple[dict[str, Any]]]:
        """Let pickle write a plain mapping."""
        return dict, (dict(self),)
