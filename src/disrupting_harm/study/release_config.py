"""The section ``publication.release`` of the configuration."""

from typing import Annotated, Literal

from pydantic import Field

from disrupting_harm.study.section import Section, Text

# Names of releases are names of folders, too.
RELEASE_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
ReleaseName = Annotated[str, Field(pattern=RELEASE_NAME)]


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
    on_change: Literal["freeze", "stop", "batch"] = Field(
        default="freeze",
        description="Where too few children differ from earlier releases: `freeze` keeps the table "
        "as it was published; `stop` ends the run with status 3; `batch` keeps all tables of a "
        "country until nine in ten of them, follow-up questions aside, may be published anew.",
    )
    min_change: int = Field(
        default=10,
        ge=10,
        le=1000,
        description="A table is published anew where in each of its groups no child differs, or at "
        "least so many.",
    )
    min_change_sensitive: int = Field(
        default=10, ge=10, le=1000, description="The same for indicators marked sensitive."
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
