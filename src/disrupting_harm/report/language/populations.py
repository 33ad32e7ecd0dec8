"""How many children there are and how many of them use the internet, each with its own source.

The two numbers of a country may come from different places, and one alone may be invented for a
simulation: the source of one is never printed as if it were that of the other.
"""

from collections.abc import Sequence

from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.study.countries import Country
from disrupting_harm.study.invented_numbers import is_invented


def describe_children_and_use(
    translator: Translator[Markdown], area: Country, country: Markdown
) -> Markdown:
    """Return how many children live in a country and how many of them use the internet.

    Args:
        country: its name inside a sentence.

    Returns:
        Nothing where one of the two numbers is missing.
    """
    if not area.children or not area.internet_use_rate:
        return Markdown("")
    values = {
        "children": translator.about(area.children),
        "country": country,
        "rate": translator.percent(area.internet_use_rate),
        "source": _format_source(translator, area.children_source, area.children_year),
    }
    children, use = (
        is_invented(source) for source in (area.children_source, area.internet_use_source)
    )
    if area.children_source == area.internet_use_source and not children:
        return translator.plural(
            "{children} child aged 12-17 lives in {country}, and {rate} per cent of them use "
            "the internet (source: {source}).",
            "{children} children aged 12-17 live in {country}, and {rate} per cent of them use "
            "the internet (source: {source}).",
            area.children,
            **values,
        )
    living = (
        translator(
            "How many children aged 12-17 live in {country} is invented for this simulation: "
            "{children}.",
            **values,
        )
        if children
        else translator.plural(
            "{children} child aged 12-17 lives in {country} (source: {source}).",
            "{children} children aged 12-17 live in {country} (source: {source}).",
            area.children,
            **values,
        )
    )
    online = (
        translator(
            "How many of them use the internet is invented for this simulation: {rate} per cent.",
            **values,
        )
        if use
        else translator(
            "{rate} per cent of them use the internet (source: {source}).",
            rate=values["rate"],
            source=_format_source(translator, area.internet_use_source),
        )
    )
    return Markdown(f"{living} {online}")


def describe_invented_use(translator: Translator[Markdown], row: PublicRow | None) -> Markdown:
    """Return that a country's internet use is invented; empty where it has a source.

    Args:
        row: of ``denominators.csv``.
    """
    if row is None or not is_invented(row["internet_use_source"]):
        return Markdown("")
    return translator("How many use the internet is invented for this simulation.")


def find_invented_use(rows: Sequence[PublicRow]) -> list[str]:
    """Return the countries, each once, whose internet use is invented, of ``denominators.csv``."""
    return list(
        dict.fromkeys(row["country"] for row in rows if is_invented(row["internet_use_source"]))
    )


def find_sources_of_use(rows: Sequence[PublicRow]) -> list[str]:
    """Return the sources of internet use, each once, that are no invention."""
    sources = {row["internet_use_source"] for row in rows}
    return sorted(source for source in sources if source and not is_invented(source))


def _format_source(
    translator: Translator[Markdown], source: str | None, year: int | None = None
) -> Markdown:
    if not source:
        return translator.in_context("a source", "not available")
    source_name = translator.translate_or_keep(source)
    return translator("{source}, {year}", source=source_name, year=year) if year else source_name
