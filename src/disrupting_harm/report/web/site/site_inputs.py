"""What the pages of the site are made from, read once for all languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from disrupting_harm.evidence.tables.law_coverage import has_law
from disrupting_harm.report.findings.brief_definition import Brief
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.reading.comparison_results import RegionalResults, read_regional
from disrupting_harm.report.web.site.comparison_page import find_short_intervals
from disrupting_harm.report.web.site.country_page import BriefResults, read_brief_results
from disrupting_harm.report.web.site.printed_signs import read_explorer_statuses
from disrupting_harm.simulation.settings import Simulation
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country


@dataclass(frozen=True)
class Site:
    """What the pages of every language are made from.

    ``public`` is the public results folder, ``brief`` what the study's briefs say,
    ``recommendations`` what it recommends, and ``earlier`` the codes of the surveys of earlier
    waves, by country. ``follows`` is the identity of the release that these results update; empty
    where there is none. ``simulation`` are the settings of a simulated study.
    """

    public: Path
    config: Configuration
    countries: list[Country]
    codebook: Codebook
    brief: Brief | None
    recommendations: Recommendations | None
    earlier: Mapping[str, Sequence[str]]
    follows: str
    simulation: Simulation | None

    @cached_property
    def brief_results(self) -> dict[str, BriefResults | None]:
        """Published results of each country's brief, by country; read once for all languages."""
        codes = [row.country for row in self.countries]
        return {code: read_brief_results(self.public, code, self.brief) for code in codes}

    @cached_property
    def comparison(self) -> RegionalResults:
        """The tables of the comparison, read once for all languages."""
        return read_regional(self.public, self.config.publication.disclosure.coded)

    @cached_property
    def short_intervals(self) -> set[tuple[str, str]]:
        """Country and indicator of the intervals that may be too short, for all languages."""
        return find_short_intervals(self.public, [row.country for row in self.countries])

    @property
    def has_law(self) -> bool:
        """Whether the study tells of law, treaties, plans or services."""
        return has_law(self.config.evidence.tables)

    @property
    def explorer_statuses(self) -> frozenset[str]:
        """Statuses of the estimates that the explorer has words for."""
        return read_explorer_statuses(self.public) if self.has_survey else frozenset()

    @property
    def has_coded_bounds(self) -> bool:
        """Whether bounds are of estimates and not of the population."""
        return self.config.publication.disclosure.method == "coded"

    @property
    def has_survey(self) -> bool:
        """Whether children were asked: a study of evidence alone has no indicators."""
        return bool(self.codebook.indicators)

    @property
    def has_comparison(self) -> bool:
        """Whether surveys of several countries stand side by side."""
        return self.has_survey and len(self.countries) > 1
