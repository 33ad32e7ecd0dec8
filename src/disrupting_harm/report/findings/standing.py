"""Where one country stands by one indicator: from how many others it clearly differs, in words.

A difference is clear by the test of all pairs of countries together. No order follows from it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from disrupting_harm.provenance.addresses import cell_count
from disrupting_harm.provenance.compared_row_addresses import address_of_compared_row
from disrupting_harm.report.findings.definition import ComparedShare
from disrupting_harm.report.language.collation import build_sort_key
from disrupting_harm.report.language.translator import Printed, Translator
from disrupting_harm.study.statuses import HIDDEN_STATUSES, NOT_ASKED

NAMED_AT_MOST = 4  # More names than these would be read by nobody; their number is told.


@dataclass(frozen=True)
class Standing:
    """The countries that one country was tested against: codes, each with its verdict's address.

    Attributes:
        above, below: those that it is clearly above, and clearly below.
        undecided: those that it does not clearly differ from.
    """

    above: Mapping[str, str]
    below: Mapping[str, str]
    undecided: Mapping[str, str]

    @property
    def tested(self) -> dict[str, str]:
        """All of them."""
        return {**self.above, **self.below, **self.undecided}

    @property
    def differing(self) -> set[str]:
        """Those that it clearly differs from."""
        return {*self.above, *self.below}


def find_standing(pairs: Iterable[Mapping[str, Any]], indicator: str, country: str) -> Standing:
    """Return what the tests of a country's pairs found.

    Args:
        pairs: rows of ``comparison/pairwise.csv``.
    """
    above: dict[str, str] = {}
    below: dict[str, str] = {}
    undecided: dict[str, str] = {}
    for row in pairs:
        pair = (str(row["country_a"]), str(row["country_b"]))
        if row["indicator"] != indicator or country not in pair:
            continue
        is_first = pair[0] == country
        if str(row["clear"]) != "True":
            group = undecided
        else:
            group = above if (float(row["difference"]) > 0) is is_first else below
        address = address_of_compared_row("pairwise", row)
        group[pair[1] if is_first else pair[0]] = f"{address}/clear"
    return Standing(above, below, undecided)


def describe_standing(
    translator: Translator[Printed],
    comparison: Mapping[str, Sequence[Mapping[str, Any]]],
    indicator: str,
    country: str,
    country_names: Mapping[str, str],
) -> Printed:
    """Return from how many others a country clearly differs, or why it was not tested.

    Args:
        comparison: public rows of ``pairwise``, ``prevalence`` and ``comparability``, by table.
        country_names: names as a sentence has them, by code: few countries are named.
    """
    standing = find_standing(comparison["pairwise"], indicator, country)
    if standing.tested:
        return describe_differences(translator, standing, country_names)
    return _explain_untested(translator, comparison, indicator, country)


def describe_differences(
    translator: Translator[Printed], standing: Standing, country_names: Mapping[str, str]
) -> Printed:
    """Return from how many of the others a country that was tested clearly differs.

    Raises:
        ValueError: if no pair of it was tested.
    """
    if not standing.tested:
        raise ValueError("a country without a tested pair stands nowhere")
    if len(standing.tested) == 1:
        return _describe_one_other(translator, standing, country_names)
    all_others = translator.number(_count_verdicts(standing.tested))
    if not standing.differing:
        return translator(
            "No clear difference from any of the {all} other {areas}.", all=all_others
        )
    if len(standing.above) == len(standing.tested):
        return translator("Clearly higher than in each of the {all} other {areas}.", all=all_others)
    if len(standing.below) == len(standing.tested):
        return translator("Clearly lower than in each of the {all} other {areas}.", all=all_others)
    above, below = (
        translator.number(_count_verdicts(group)) for group in (standing.above, standing.below)
    )
    if not standing.below:
        differing = translator(
            "Clearly higher than in {count} of {all} other {areas}.", count=above, all=all_others
        )
    elif not standing.above:
        differing = translator(
            "Clearly lower than in {count} of {all} other {areas}.", count=below, all=all_others
        )
    else:
        differing = translator(
            "Clearly higher than in {above} of {all} other {areas}, and clearly lower than in "
            "{below}.",
            above=above,
            below=below,
            all=all_others,
        )
    if not standing.undecided:
        return differing
    return translator.join_sentences(
        [differing, describe_undecided(translator, standing, country_names)]
    )


def describe_undecided(
    translator: Translator[Printed], standing: Standing, country_names: Mapping[str, str]
) -> Printed:
    """Return from which others a country does not clearly differ: their names, or how many."""
    undecided = standing.undecided
    if len(undecided) > NAMED_AT_MOST:
        count = translator.number(_count_verdicts(undecided))
        return translator("No clear difference from {count}.", count=count)
    names = sorted((country_names.get(code, code) for code in undecided), key=build_sort_key)
    return translator("No clear difference from {country}.", country=translator.enumeration(names))


def write_lead(
    translator: Translator[Printed],
    shares: Iterable[ComparedShare],
    pairs: Sequence[Mapping[str, Any]],
    country: str,
    name_in_text: str,
) -> list[Printed]:
    """Return the study's sentences on shares that put a country clearly on one side of others.

    At most two: of the first such share, and of the one that differs from most others.

    Args:
        shares: in the order of the study.
        pairs: rows of ``comparison/pairwise.csv``.
    """
    found: list[tuple[int, Printed]] = []
    for share in shares:
        standing = find_standing(pairs, share.indicator, country)
        # Above some and below others it is on neither side.
        sentence, group = (
            (share.lower, standing.below) if standing.below else (share.higher, standing.above)
        )
        if not sentence or not group or (standing.above and standing.below):
            continue
        values = {
            "country": name_in_text,
            "count": translator.number(_count_verdicts(group)),
            "all": translator.number(_count_verdicts(standing.tested)),
        }
        found.append((len(group), translator.fill_sentence(sentence, values)))
    further = sorted(found[1:], key=_most_first)
    return [sentence for _, sentence in [*found[:1], *further[:1]]]


def _most_first(count_and_sentence: tuple[int, object]) -> int:
    return -count_and_sentence[0]


def _describe_one_other(
    translator: Translator[Printed], standing: Standing, country_names: Mapping[str, str]
) -> Printed:
    (other,) = standing.tested
    name = country_names.get(other, other)
    if standing.above:
        return translator("Clearly higher than in {country}.", country=name)
    if standing.below:
        return translator("Clearly lower than in {country}.", country=name)
    return translator("No clear difference from {country}.", country=name)


def _explain_untested(
    translator: Translator[Printed],
    comparison: Mapping[str, Sequence[Mapping[str, Any]]],
    indicator: str,
    country: str,
) -> Printed:
    """Return why no pair of a country was tested: a bound has no test, nor what is hidden."""
    row = _find_row(comparison.get("prevalence", ()), indicator, country)
    ledger_row = _find_row(comparison.get("comparability", ()), indicator, country)
    if row is None or row["status"] == NOT_ASKED:
        return translator("Not asked here.")
    if ledger_row is not None and ledger_row["comparable"] == "no":
        return translator("Not compared with other {areas}.")
    if row["status"] in HIDDEN_STATUSES:
        if str(row["shown"])[:1] in ("<", ">"):
            return translator("Only a bound is published here, and a bound is not compared.")
        return translator("Not published here.")
    return translator("There is no other {area} to compare it with.")


def _find_row(
    rows: Iterable[Mapping[str, Any]], indicator: str, country: str
) -> Mapping[str, Any] | None:
    return next(
        (row for row in rows if row["indicator"] == indicator and row["country"] == country), None
    )


def _count_verdicts(verdicts: Mapping[str, str]) -> int:
    return cell_count([*verdicts.values()])
