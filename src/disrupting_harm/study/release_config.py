"""The section ``publication.release`` of the configuration."""

from typing import Annotated, Literal

from pydantic import Field

from disrupting_harm.study.section import Section, Text

# Names of releases are names of folders, too.
RELEASE_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
ReleaseName = Annotated[str, Field(pattern=RELEASE_NAME)]


# What the values of ``on_change`` were called when answers could decide; they go on to work.
FORMER = {"freeze": "membership", "batch": "hold"}


class Rename(Section):
    """What became of an indicator, or of a group, that an accepted release has."""

    to: Text | None = Field(
        default=None, description="Its name now; absent: it was withdrawn, and nothing replaces it."
    )
    why: Text = Field(description="The reason, as it is published.")


class ReleaseRules(Section):
    """What a run may change of numbers that an accepted release has published."""

    after: ReleaseName | None = Field(
        default=None,
        description="Name of the last accepted release; absent: none was accepted yet. "
        "docs/releases.md says how numbers are updated.",
    )
    on_change: Literal["membership", "hold", "stop", "freeze", "batch"] = Field(
        default="membership",
        description="Where few children changed since earlier releases: `membership` keeps the "
        "tables in a group of which too few did, and all of a country in which too few did; `hold` "
        "keeps all of a country where one table would stay, follow-up questions aside; `stop` ends "
        "the run with status 3. What children answered decides nothing. `freeze` and `batch` are "
        "former names of the first two.",
    )
    min_change: int = Field(
        default=10,
        ge=10,
        le=1000,
        description="A table is published anew where in each of its groups no child came, left, "
        "was moved or corrected, or at least so many.",
    )
    min_change_sensitive: int = Field(
        default=10, ge=10, le=1000, description="The same for indicators marked sensitive."
    )
    corrected: dict[Text, Text] = Field(
        default={},
        description="Errors of code in published indicators: a sentence on each, as it is "
        "published. Written before the numbers are compared, and left as it is until a release has "
        "published the indicator anew. Until then it is published anew in all groups, or retracted "
        "in all.",
    )
    unsigned: Text | None = Field(
        default=None,
        description="Why releases of this study are not signed; printed on its pages. Absent: "
        "`release accept` asks for a key (`--sign`).",
    )
    moved: dict[Text, Rename] = Field(
        default={},
        description="Where indicators and groups of accepted releases went that this study has no "
        "longer, by the indicator or by `domain:level`; published as `addresses-moved.csv`.",
    )

    @property
    def rule(self) -> str:
        """What is done where few children changed: ``on_change`` by its name of today."""
        return FORMER.get(self.on_change, self.on_change)
