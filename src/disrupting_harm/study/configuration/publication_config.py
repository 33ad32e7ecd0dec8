"""The sections ``publication`` and ``ethics``: what may be printed, and who decided it."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from disrupting_harm.study.configuration.section import Day, Section, Share, Text

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


class SignOffs(Section):
    """Roles whose agreement a release names, or says to be missing."""

    study: tuple[Text, ...] = Field(
        default=(), description="Who agrees once, such as `statistician` or `partner`."
    )
    countries: tuple[Text, ...] = Field(
        default=(), description="Who agrees for each country, such as `ministry`."
    )


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
    sign_offs: SignOffs = Field(
        default=SignOffs(),
        description="Whose agreement a release names by role; one that is missing is said, and "
        "stops nothing.",
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


# Bounds by the number of answers, and how many children each must leave room for.
BOUNDS = (0.05, 0.1, 0.2, 0.3)
CODED_BOUNDS = (0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5)
CODED_NEED = 12
# The smallest count that is printed without a decision of an ethics board.
USUAL_COUNT = 10
# No survey hides more: a larger threshold is a slip.
MOST_HIDDEN = 1000
# Without one, counts of one to so many children must never be told, nor worked back.
FEW = 4


class Disclosure(Section):
    """What is printed instead of an estimate that rests on few children."""

    method: Literal["plain", "ranges", "coded"] = Field(
        default="ranges",
        description="Below the threshold: `plain` prints `c`; `ranges` a bound such as '< 10', "
        "chosen by the number of answers alone, where there are enough; `coded` prints that bound "
        "whatever the count, and an estimate only beyond it.",
    )
    min_count: int = Field(
        default=10,
        ge=3,
        le=MOST_HIDDEN,
        description="Smallest numerator, complement and denominator.",
    )
    min_count_sensitive: int = Field(
        default=10,
        ge=3,
        le=MOST_HIDDEN,
        description="The same for indicators marked sensitive, below the national total.",
    )
    need: int | None = Field(
        default=None,
        ge=3,
        le=MOST_HIDDEN,
        description="A bound is printed from so many answers on that it leaves room for this many "
        "children; absent: twice `min_count`, with `coded` 12.",
    )
    bounds: tuple[Share, ...] | None = Field(
        default=None,
        min_length=1,
        description="Shares that may be printed as bounds, rising; absent: 0.05, 0.1, 0.2, 0.3, "
        "with `coded` 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5.",
    )

    @property
    def coded(self) -> bool:
        """Whether a bound is one of the estimate, and the true share may lie beyond it."""
        return self.method == "coded"

    @property
    def grid(self) -> tuple[float, ...]:
        """Shares that may be printed as bounds; none under `plain`."""
        if self.method == "plain":
            return ()
        usual = CODED_BOUNDS if self.coded else BOUNDS
        return self.bounds or usual

    @property
    def smallest_part(self) -> int:
        """How many children a bound leaves room for at least."""
        return self.need or (CODED_NEED if self.method == "coded" else 2 * self.min_count)

    @model_validator(mode="after")
    def _bounds_rise(self) -> "Disclosure":
        if list(self.grid) != sorted(set(self.grid)) or any(share > 0.5 for share in self.grid):
            raise ValueError("'bounds' must rise, each above the one before, and end at 0.5")
        if any(abs(100 * share - round(100 * share)) > 1e-9 for share in self.grid):
            raise ValueError("'bounds' must be whole per cents, as documents print them")
        return self

    @model_validator(mode="after")
    def _bounds_are_wide(self) -> "Disclosure":
        largest_count = max(self.min_count, self.min_count_sensitive)
        if self.method == "ranges" and self.smallest_part < largest_count:
            raise ValueError("'need' must be 'min_count' at least, else a bound tells of fewer")
        return self


class Rounding(Section):
    """Rounding for print; depends on n alone, never on the count."""

    one_decimal_from: int = Field(
        default=500,
        ge=1,
        le=10**6,
        description="Print tenths of a per cent from this n, else whole ones.",
    )
    population_to: int = Field(
        default=100,
        ge=1,
        le=10**6,
        description="Population figures are rounded to multiples of this.",
    )


class Publication(Section):
    """What of the restricted results is published, and how it is rounded."""

    reliability: Literal[
        "nchs2017",
        "nchs2017_sas",
        "nchs2023_counts",
        "dhs",
        "mics",
        "nsch",
        "statcan",
        "eu_silc",
        "vacs",
    ] = Field(
        default="nchs2017",
        description="Presentation standard for reliability; docs/methods.md describes each.",
    )
    review: Literal["hold", "show"] = Field(
        default="hold",
        description="Cells that the standard leaves to a statistician's review: held back, or "
        "shown with a mark after the review was done.",
    )
    disclosure: Disclosure = Field(default=Disclosure(), description="Disclosure control.")
    rounding: Rounding = Field(default=Rounding(), description="Rounding.")
    item_nonresponse_from: Share = Field(
        default=0.1,
        description="An indicator is named in the report where this share or more of those asked "
        "have no valid answer.",
    )
    release: ReleaseRules | None = Field(
        default=None,
        description="How numbers that were released before are updated; absent: none were.",
    )


class DisclosureDecision(Section):
    """What an ethics board decided on how small a published number may be."""

    k: int = Field(
        ge=1, description="Counts of one to so many children must never be told, nor worked back."
    )
    by: Text = Field(description="Who decided.")
    date: Day = Field(description="When.")


class Ethics(Section):
    """Decisions that are an ethics board's to take."""

    disclosure: DisclosureDecision | None = Field(
        default=None,
        description="Needed for `publication.disclosure.method: coded`, and for a `min_count` "
        "below 10; docs/how-small.md is the page to decide on.",
    )

    @property
    def few(self) -> int:
        """The largest count that must never be told."""
        return FEW if self.disclosure is None else self.disclosure.k
