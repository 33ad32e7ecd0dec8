"""Settings of the simulation: the simulated population and its sample.

No pandas here: the Snakefile loads this module at every call.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.codebook.definitions import Condition
from disrupting_harm.study.configuration.section import Identifier, Section, Share

INVENTED = "invented"
Percent = Annotated[float, Field(ge=0, le=100)]
Positive = Annotated[float, Field(gt=0)]
Answer = Annotated[str, BeforeValidator(str)]


def _add_up(shares: dict[str, float]) -> dict[str, float]:
    if shares and abs(sum(shares.values()) - 100) > 1e-9:
        raise ValueError("shares must add up to 100")
    return shares


# By answer, in per cent; from the highest latent score to the lowest.
Shares = Annotated[dict[Answer, Percent], AfterValidator(_add_up)]


class Target(Section):
    """A percentage that the simulated population is given."""

    percent: Percent
    source: str = Field(default=INVENTED, description="Who published it; else it is invented.")


class Frame(Section):
    """The simulated sampling frame of a country."""

    psus: int = Field(ge=100, description="Primary sampling units in the frame.")
    households: int = Field(
        ge=12, description="Mean number of households with an eligible child in a PSU."
    )
    size_range: tuple[Positive, Positive] = Field(
        description="Smallest and largest measure of size of a PSU, as multiples of the mean."
    )
    eligible_children: dict[int, Share] = Field(
        description="Share of households by their number of eligible children."
    )
    age_shares: dict[int, Share] = Field(description="Share of children by age.")
    girls: Share = Field(description="Share of girls.")


class Draw(Section):
    """The simulated sample of a country."""

    psus: int = Field(ge=2, description="PSUs drawn with probability proportional to size.")
    households: int = Field(ge=1, description="Households drawn in each of them.")


class Response(Section):
    """Unit non-response: probabilities in per cent for each child drawn."""

    interviewed: Percent = Field(description="Rural children aged 12-14 who are interviewed.")
    urban: float = Field(description="Percentage points added in urban areas.")
    older: float = Field(description="Percentage points added at ages 15-17.")
    partial: Percent = Field(description="Interviews that break off.")
    reasons: dict[Literal["refusal", "non_contact", "other"], Share] = Field(
        description="Shares of the reasons among children not interviewed."
    )


class ItemNonresponse(Section):
    """Answers that are no answer, in per cent of the children asked."""

    prefer_not_to_say: Percent
    dont_know: Percent
    lost: Percent = 0.0


class Missing(Section):
    """Item non-response; refusals and losses do not depend on the true answer, given sex and age.

    Some children would rather not answer sensitive questions at all. Refusals spread evenly over
    children would instead empty the composites, which need all their parts.
    """

    ordinary: ItemNonresponse
    sensitive: ItemNonresponse = Field(
        description="Items that sensitive indicators use; refusals are those of other children."
    )
    refusers: Percent = Field(
        description="Children who would rather not answer sensitive questions: boys aged 15-17."
    )
    refused: Percent = Field(description="Sensitive items that each of them refuses.")
    girls_times: Positive = Field(description="Girls who refuse, over boys.")
    younger_times: Positive = Field(description="Ages 12-14 who refuse, over 15-17.")


class Model(Section):
    """A latent factor that items share, and what shifts it.

    The latent score of an item is ``loading * factor + sqrt(1 - loading²) * noise + effects``; the
    factor is ``sqrt(psu) * PSU effect + sqrt(1 - psu) * own effect``. All effects are standard
    normal.
    """

    unit: Literal["child", "household"] = Field(
        default="child", description="Whose factor it is; children of a household share the latter."
    )
    loading: Annotated[float, Field(ge=0, lt=1)]
    psu: Annotated[float, Field(ge=0, lt=1)] = Field(description="Share of the PSU in the factor.")
    effects: dict[str, float] = Field(
        default_factory=dict,
        description="Shift per unit: girl, urban and daily use (0 or 1), age (per year from "
        "14.5), wealth (-1, 0, 1), or a yes/no item made earlier (1 where yes).",
    )


class Recipe(Section):
    """How the answers to one item come about."""

    model: Identifier
    percent: Percent | None = Field(
        default=None, description="Yes answers among children asked, of a yes/no item."
    )
    shares: Shares = Field(
        default_factory=dict,
        description="Per cent of each answer of a choice or number item, from the highest score "
        "to the lowest.",
    )
    source: str = INVENTED
    asked_if: tuple[Condition, ...] = Field(default=(), description="Else: not asked.")
    no_if: tuple[Condition, ...] = Field(default=(), description="The answer is then no.")
    dont_know: Percent | None = Field(
        default=None,
        description="In place of the general rate. Where an indicator counts don't know as no, "
        "only children who would have to say no give it.",
    )

    @model_validator(mode="after")
    def _one_distribution(self) -> "Recipe":
        if (self.percent is None) == (not self.shares):
            raise ValueError("give either 'percent' or 'shares'")
        return self


class CountrySettings(Section):
    """What differs between countries."""

    regions: int = Field(ge=2, le=6)
    urban: Percent = Field(description="Eligible households in urban areas.")
    psu: Annotated[float, Field(ge=0, lt=1)] = Field(
        description="Share of the PSU in the factor of the composites' model; tuned so that the "
        "design effect of the last composite is near `deff`."
    )
    size_error: Annotated[float, Field(ge=0, lt=1)] = Field(
        description="Standard deviation of log(eligible households / measure of size); it makes "
        "weights unequal."
    )
    deff: float = Field(gt=0, description="Design effect aimed at, for the last composite.")
    deff_source: str = INVENTED
    targets: dict[Identifier, Target] = Field(
        default_factory=dict,
        description="Percentages of composites, or of items in place of the recipe's. Items of a "
        "composite keep their proportions to each other; the composite sets their level.",
    )
    shares: dict[Identifier, Shares] = Field(
        default_factory=dict, description="Shares of choice items, in place of the recipe's."
    )


class CountrySimulation(Section):
    """Everything that one country's simulation depends on."""

    frame: Frame
    draw: Draw
    response: Response
    missing: Missing
    composites: tuple[Identifier, ...]
    any_of_composite: dict[Identifier, Identifier]
    models: dict[Identifier, Model]
    recipes: dict[Identifier, Recipe]
    between_countries: float
    own: tuple[Identifier, ...] = Field(description="Items with the country's own percentage.")
    composite_percents: dict[Identifier, Percent]
    regions: int
    urban: Percent
    size_error: float


class Simulation(Section):
    """The simulation settings of a study."""

    frame: Frame
    draw: Draw
    response: Response
    missing: Missing
    composites: tuple[Identifier, ...] = Field(
        description="Composite indicators whose prevalence is set, from the narrowest to the "
        "widest; each contains the one before."
    )
    composite_model: Identifier = Field(description="The model of the composites' items.")
    any_of_composite: dict[Identifier, Identifier] = Field(
        default_factory=dict,
        description="Yes/no items set by the questionnaire: yes where the composite is.",
    )
    between_countries: Annotated[float, Field(ge=0)] = Field(
        description="Invented differences between countries: standard deviation, on the probit "
        "scale, of the percentages of items for which a country has no target of its own."
    )
    models: dict[Identifier, Model]
    items: dict[Identifier, Recipe]
    others: Recipe | None = Field(
        default=None,
        description="Recipe of yes/no items that have none of their own. Absent: each needs one.",
    )
    countries: dict[str, CountrySettings]

    def country(self, code: str) -> CountrySimulation:
        """Return the settings of one country, its own values put in.

        Raises:
            StudyError: the file has no such country.
        """
        if code not in self.countries:
            raise StudyError(
                f"simulation settings, key 'countries.{code}'",
                "required, but missing",
                "Copy the entry of a country like it, and change it",
            )
        of_country = self.countries[code]
        models = dict(self.models)
        models[self.composite_model] = models[self.composite_model].model_copy(
            update={"psu": of_country.psu}
        )
        recipes = dict(self.items)
        for name, target in of_country.targets.items():
            if name in recipes:
                recipes[name] = recipes[name].model_copy(update={"percent": target.percent})
        for name, shares in of_country.shares.items():
            recipes[name] = recipes[name].model_copy(update={"shares": shares})
        return CountrySimulation(
            frame=self.frame,
            draw=self.draw,
            response=self.response,
            missing=self.missing,
            composites=self.composites,
            any_of_composite=self.any_of_composite,
            models=models,
            recipes=recipes,
            between_countries=self.between_countries,
            own=tuple(name for name in of_country.targets if name in recipes),
            composite_percents={name: of_country.targets[name].percent for name in self.composites},
            regions=of_country.regions,
            urban=of_country.urban,
            size_error=of_country.size_error,
        )
