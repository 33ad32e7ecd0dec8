"""Where a finished run keeps what it made of one country."""

from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.releases.gate_outputs import DECIDED
from disrupting_harm.releases.history import GATE
from disrupting_harm.releases.release_messages import STAYING
from disrupting_harm.tables.io import read_table


@dataclass(frozen=True)
class Results:
    """Where a finished run keeps what it made of one country.

    Attributes:
        results: folder of all results.
        updating: whether the run updated an accepted release.
    """

    results: Path
    country: str
    updating: bool = False

    def prepared_table(self, name: str) -> str:
        """Return a prepared table."""
        return str(self.results / "restricted" / "prepared" / self.country / name)

    @property
    def weights_file(self) -> str:
        """The table of weights."""
        folder = self.results / "restricted" / "weights" / self.country
        return str(folder / "weights.parquet")

    @property
    def release_file(self) -> Path:
        """The restricted release."""
        return self.results / "restricted" / "release" / f"{self.country}.parquet"

    def contrast_table(self, name: str) -> Path:
        """Return a table of comparisons inside the country."""
        return self.results / "restricted" / "contrasts" / self.country / f"{name}.parquet"

    def require_made_anew(self) -> None:
        """Refuse a country of which some numbers stay as they were released.

        Raises:
            StudyError: what made them is gone, and with it their covariances.
        """
        decisions = self.results / "restricted" / GATE / self.country / "decisions.csv"
        if self.updating and read_table(decisions, DECIDED)["decision"].isin(STAYING).any():
            raise StudyError(
                f"country {self.country}",
                "some numbers stay as an earlier release has them, whose respondents are not known",
                "Export from the run of that release, or wait until more respondents have changed",
            )

    def public_file(self, name: str) -> Path:
        """Return a public file of the country."""
        return self.results / "public" / "countries" / self.country / name
