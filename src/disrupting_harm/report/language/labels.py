"""Names of indicators, domains and levels in the reader's language, in the codebook's order."""

from collections.abc import Sequence
from functools import cached_property

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.language.estimate_base import describe_base, describe_bases
from disrupting_harm.report.language.evidence_codes import name_sheet
from disrupting_harm.report.language.markdown import Markdown, escape
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Domain, Indicator
from disrupting_harm.study.codebook.same_answers import find_domains_of_same_answers


class Labels:
    """Words of the codebook."""

    def __init__(self, codebook: Codebook, translator: Translator[Markdown]) -> None:
        self._codebook = codebook
        self._translator = translator
        self._domains = {domain.id: domain for domain in codebook.domains}
        self._items = {item.id: item for item in codebook.items}
        self._indicators = {indicator.id: indicator for indicator in codebook.indicators}
        self._modules = {module.id: module for module in codebook.modules}

    def definition(self, indicator: str) -> Indicator:
        """Return an indicator's definition.

        Raises:
            StudyError: if the codebook has no such indicator.
        """
        indicator_definition = self._indicators.get(indicator)
        if indicator_definition is None:
            raise _build_unknown_name_error("indicator", indicator)
        return indicator_definition

    def indicator(self, name: str) -> Markdown:
        """Return what an indicator measures."""
        return self._translator.of_study(self.definition(name).label)

    def short(self, name: str) -> Markdown:
        """Return an indicator's short name, as in figures."""
        return self._translator.of_study(self.definition(name).figure_label)

    def base(self, name: str) -> Markdown:
        """Return who an indicator is about; empty: the whole population of the study."""
        return escape(describe_base(self._translator, self._codebook, self.definition(name)))

    def with_base(self, name: str) -> Markdown:
        """Return what an indicator measures and, unless it is the whole population, of whom."""
        label, base = self.indicator(name), self.base(name)
        return self._translator("{label}, of {base}", label=label, base=base) if base else label

    def describe_bases_of_table(
        self, indicators: Sequence[str], population: str, short: bool = False
    ) -> list[Markdown]:
        """Return sentences on who the indicators of a table are about; none for all of them.

        Args:
            population: the whole population, as printed.
            short: whether the table has their short names.
        """
        translator = self._translator
        commonest_base, other_bases = describe_bases(
            translator,
            self._codebook,
            [self.definition(indicator) for indicator in indicators],
            lambda definition: translator.of_study(
                definition.figure_label if short else definition.label
            ),
            population,
        )
        sentences = (
            [self._translator("Base: {base}.", base=commonest_base)] if commonest_base else []
        )
        return [*sentences, *map(escape, other_bases)]

    def module(self, name: str) -> Markdown:
        """Return a module's title."""
        if name not in self._modules:
            raise _build_unknown_name_error("module", name)
        return self._translator.of_study(self._modules[name].label)

    def short_module(self, name: str) -> Markdown:
        """Return a module's short name, or its title where it has none."""
        short = self._modules[name].short
        return self._translator.of_study(short) if short else self.module(name)

    def module_of(self, indicator: str) -> Markdown:
        """Return the title of the module that an indicator belongs to."""
        return self.module(self.definition(indicator).module)

    def sheet_of(self, indicator: str) -> Markdown:
        """Return the name of the sheet of a data book that an indicator stands in."""
        module = self.definition(indicator).module
        return Markdown(name_sheet(self.module(module), self.short_module(module)))

    def domain(self, name: str) -> Markdown:
        """Return a domain's title."""
        if name not in self._domains:
            raise _build_unknown_name_error("domain", name)
        return self._translator.of_study(self._domains[name].label)

    def level(self, domain: str, level: str) -> Markdown:
        """Return a level's name; an unnamed crossed level joins the names of its parts."""
        definition = self._domains[domain]
        level_labels = self._find_level_labels(definition)
        if definition.cross and level not in level_labels:
            pairs = zip(definition.cross, level.split("|"), strict=True)
            return Markdown(", ".join(self.level(*pair) for pair in pairs))
        return self._translator.of_study(level_labels.get(level, level))

    def group(self, domain: str, level: str) -> Markdown:
        """Return a level with the domain it belongs to."""
        return self._translator(
            "{domain}: {level}", domain=self.domain(domain), level=self.level(domain, level)
        )

    def list_indicators_of_module(self, module: str) -> list[str]:
        """Return the indicators of a module."""
        if module not in self._modules:
            raise _build_unknown_name_error("module", module)
        return [
            indicator.id for indicator in self._indicators.values() if indicator.module == module
        ]

    def has_same_answers(self, domain: str, indicator: str) -> bool:
        """Return whether a domain is made of the answers that the indicator is made of."""
        return domain in self._own_domains[indicator]

    @cached_property
    def _own_domains(self) -> dict[str, tuple[str, ...]]:
        return find_domains_of_same_answers(self._codebook, self._domains)

    def headline(self) -> list[str]:
        """Return the indicators that are compared across countries."""
        return self._codebook.headlines()

    def modules(self) -> list[str]:
        """Return the modules that have indicators."""
        return [module for module in self._modules if self.list_indicators_of_module(module)]

    def domains(self) -> list[str]:
        """Return all domains except the total."""
        return [name for name in self._domains if name != "total"]

    def sort_levels(self, domain: str, levels: list[str]) -> list[str]:
        """Return ``levels`` in the codebook's order; levels it does not name come last."""
        ordered_levels = self.known_levels(domain)
        rank = {level: position for position, level in enumerate(ordered_levels)}
        return sorted(levels, key=lambda level: (rank.get(level, len(ordered_levels)), level))

    def series(self, indicators: Sequence[str]) -> set[str]:
        """Return the composite series that some indicators belong to."""
        series_names = {self.definition(series_name).series for series_name in indicators}
        return {series_name for series_name in series_names if series_name}

    def refuse_two_series(self, indicators: Sequence[str], location: str) -> None:
        """Refuse composites of different series in one table: they count different things.

        Raises:
            StudyError: naming the series.
        """
        series = sorted(self.series(indicators))
        if len(series) > 1:
            raise StudyError(
                location,
                f"it would show {' and '.join(series)} side by side",
                "Give each composite series a table of its own",
            )

    def _find_level_labels(self, domain: Domain) -> dict[str, str]:
        item = self._items.get(domain.item or "")
        return {**(item.value_labels if item else {}), **domain.levels_label}

    def known_levels(self, name: str) -> list[str]:
        """Return the levels that the codebook names, in its order."""
        domain = self._domains[name]
        if domain.cross:
            first_levels, second_levels = (
                self.known_levels(crossed_domain) for crossed_domain in domain.cross
            )
            return [f"{a}|{b}" for a in first_levels for b in second_levels]
        if domain.bands:
            return list(domain.bands)
        item = self._items.get(domain.item or "")
        return list(item.answers) if item else list(domain.levels_label)


def _build_unknown_name_error(definition_kind: str, name: str) -> StudyError:
    return StudyError(
        "report template",
        f"the codebook has no {definition_kind} '{name}'",
        "Define it in the codebook, or take it out of the template",
    )
