"""Areas whose estimate is hidden, named with the bound that is printed in its place."""

from disrupting_harm.report.language.markdown import Markdown, escape
from disrupting_harm.report.language.translator import Translator, read_whole_percent
from disrupting_harm.report.reading.rows import PublicRow


def describe_bound(
    translator: Translator[Markdown], row: PublicRow, coded: bool
) -> Markdown | None:
    """Return the bound that is printed for an area, e.g. ``below 5 per cent``, if any.

    Args:
        row: of ``prevalence.csv``, with a bound of a share.
        coded: whether bounds are of estimates, and not of the population.
    """
    if not row["bound_high"]:
        return None
    low, high = row.number("bound_low"), row.number("bound_high")
    if coded:
        return (
            translator(
                "by the estimate fewer than {limit} per cent", limit=translator.percent(high)
            )
            if high < 1
            else translator(
                "by the estimate more than {limit} per cent", limit=translator.percent(low)
            )
        )
    if high < 1:
        return translator("below {limit} per cent", limit=translator.percent(high))
    return translator("above {limit} per cent", limit=translator.percent(low))


def format_bound_tile(
    translator: Translator[Markdown], bound: tuple[str, float], tile_text: Markdown, coded: bool
) -> tuple[Markdown, Markdown]:
    """Return the number of a tile that has a bound, e.g. ``< 5%``, and what stands below it."""
    sign, limit = bound
    number = Markdown(f"{escape(sign)} {translator.with_sign(read_whole_percent(limit))}")
    return number, translator("{said} (by the estimate)", said=tile_text) if coded else tile_text


def name_with_bound(
    translator: Translator[Markdown], row: PublicRow, name: Markdown, coded: bool
) -> Markdown:
    """Return an area's name with its printed bound, e.g. ``Viet Nam (below 5 per cent)``."""
    bound = describe_bound(translator, row, coded)
    return translator("{country} ({bound})", country=name, bound=bound) if bound else name
