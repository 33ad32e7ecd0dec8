"""What the comparison says of the main number of one country, and where it stands by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from disrupting_harm.provenance.addresses import cell_count
from disrupting_harm.report.findings.headings import NOTHING, join_sentences
from disrupting_harm.report.findings.order_claims import is_set_apart, select_decisive_reasons
from disrupting_harm.report.findings.standing import (
    describe_standing,
    describe_undecided,
    find_standing,
)
from disrupting_harm.report.language.collation import build_sort_key
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.public_tables import read_public_rows
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.study.statuses import NOT_ASKED


@dataclass(frozen=True)
class ComparisonOfCountry:
    """Rows of the comparison that are about the lead of one country; None where there is none.

    ``children`` and ``everybody`` (those who do not use the internet, too) are of
    ``denominators.csv``, ``missing`` of ``bounds.csv``; ``apart`` is why the
    ledger sets the country apart, and empty where it does not, or where its survey did not ask.
    ``others`` are rows on all countries, by table: those that tell where a country stands.
    """

    children: PublicRow | None
    missing: PublicRow | None
    apart: str = ""
    others: Mapping[str, Sequence[PublicRow]] = field(default_factory=dict)
    everybody: PublicRow | None = None


def read_comparison_of_country(folder: Path, country: str, indicator: str) -> ComparisonOfCountry:
    """Return what the comparison says of one indicator of a country."""

    def find_row(table: str, **keys: str) -> PublicRow | None:
        path = folder / f"{table}.csv"
        if not path.is_file():  # the study has no such table
            return None
        key = {"country": country, "indicator": indicator, **keys}
        rows = read_public_rows(path, (country,), compared=True)
        return next(
            (
                candidate
                for candidate in rows
                if all(candidate[column] == value for column, value in key.items())
            ),
            None,
        )

    return ComparisonOfCountry(
        children=find_row("denominators", denominator="internet_using_children"),
        missing=find_row("bounds"),
        everybody=find_row("denominators", denominator="all_children"),
        apart=_reason_set_apart(find_row("comparability", comparable="no")),
        others={
            table: [
                row
                for row in read_public_rows(path, compared=True)
                if row["indicator"] == indicator
            ]
            for table in ("pairwise", "prevalence", "comparability")
            if (path := folder / f"{table}.csv").is_file()
        },
    )


def _reason_set_apart(row: PublicRow | None) -> str:
    return select_decisive_reasons(row["reason"]) if row and is_set_apart(row) else ""


def describe_place(
    translator: Translator[Markdown],
    of_comparison: ComparisonOfCountry,
    indicator: str,
    country: str,
    country_names: Mapping[str, str],
) -> Markdown:
    """Return where a country stands by its main number; empty where the study compares nothing."""
    pairs = of_comparison.others.get("pairwise", ())
    if not pairs:
        return NOTHING
    standing = find_standing(pairs, indicator, country)
    if len(standing.tested) < 2:
        return describe_standing(
            translator, of_comparison.others, indicator, country, country_names
        )
    all_others = translator.number(cell_count([*standing.tested.values()]))
    sentences = []
    if standing.above:
        sentences.append(
            translator(
                "The share is clearly higher than in {count} of {all} other {areas}.",
                count=translator.number(cell_count([*standing.above.values()])),
                all=all_others,
            )
        )
    if standing.below:
        sentences.append(
            translator(
                "The share is clearly lower than in {count} of {all} other {areas}.",
                count=translator.number(cell_count([*standing.below.values()])),
                all=all_others,
            )
        )
    if not standing.differing:
        sentences.append(
            translator("No clear difference from any of the {all} other {areas}.", all=all_others)
        )
    elif standing.undecided:
        sentences.append(describe_undecided(translator, standing, country_names))
    untested = sorted(
        (
            _name_with_reason(translator, of_comparison, code, name)
            for code, name in country_names.items()
            if code != country and code not in standing.tested
        ),
        key=build_sort_key,
    )
    if untested:
        sentences.append(
            translator("Not compared: {countries}.", countries=translator.enumeration(untested))
        )
    return join_sentences(sentences)


def _name_with_reason(
    translator: Translator[Markdown], of_comparison: ComparisonOfCountry, code: str, name: str
) -> Markdown:
    """Return a country that was not tested, and why in a few words."""
    row, ledger_row = (
        next((row for row in of_comparison.others.get(table, ()) if row["country"] == code), None)
        for table in ("prevalence", "comparability")
    )
    if row is None or row["status"] == NOT_ASKED:
        return translator("{country} (not asked)", country=name)
    if ledger_row is not None and is_set_apart(ledger_row):
        return translator("{country} (asked otherwise)", country=name)
    if str(row["shown"])[:1] in ("<", ">"):
        return translator("{country} (only a bound)", country=name)
    return translator("{country} (not published)", country=name)
