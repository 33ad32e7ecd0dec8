"""The table of two denominators: internet-using children, and all children of that age."""

from collections.abc import Sequence

from disrupting_harm.report.markdown import Markdown, captioned, pipe_table
from disrupting_harm.report.populations import invented_use, sourced_use
from disrupting_harm.report.regional.results import NOT_AVAILABLE, Row
from disrupting_harm.report.regional.wording import MISSING, Wording


def denominators(
    wording: Wording, indicator: str, label: str, interval: Markdown, origin: str
) -> Markdown:
    """Return estimates per internet-using child and per child, and numbers of children.

    Empty where the study knows the internet use of no country.
    """
    text = wording.text
    users = wording.results.rows(
        "denominators", indicator=indicator, denominator="internet_using_children"
    )
    everyone = {
        row["country"]: row
        for row in wording.results.rows(
            "denominators", indicator=indicator, denominator="all_children"
        )
    }
    if not any(row["estimate"] for row in everyone.values()):
        return Markdown("")
    rows = []
    for row in wording.by_name(users):
        whole = everyone[row["country"]]
        rows.append(
            (
                wording.country(row["country"]),
                wording.value(indicator, row["estimate"], row["country"]),
                wording.ranks(row),
                wording.value(indicator, whole["estimate"], row["country"]),
                wording.ranks(whole),
                wording.whole(whole["children"]),
                MISSING
                if not whole["children_low"]
                else Markdown(
                    f"{wording.whole(whole['children_low'])} to "
                    f"{wording.whole(whole['children_high'])}"
                ),
                text.plain(whole["population_source"] or NOT_AVAILABLE),
            )
        )
    header = (
        *(text("{Area}"), text("Of users, %"), text("Ranks"), text("Of all, %")),
        *(text("Ranks"), text("{Respondents}"), interval, text("Population")),
    )
    caption = text(
        "{label}: share of internet-using {respondents}, share of all {respondents} of that age, "
        "where those who do not use the internet count as a no, and number of {respondents}, with "
        "the source of the population.",
        label=wording.labels.indicator(indicator),
    )
    notes = children_online(wording, [*everyone.values()])
    known = {row["country"] for row in users}
    without = [
        row["country"]
        for row in wording.results.rows("prevalence", indicator=indicator)
        if row["country"] not in known
    ]
    if without:
        left = text(
            "Without a row, for it is not shown or not comparable: {countries}.",
            countries=wording.countries(without),
        )
        notes.insert(0, left)
    widths = (12, 8, 11, 7, 11, 11, 16, 24)
    return pipe_table(
        header,
        rows,
        widths,
        caption=captioned(caption, [*notes, origin]),
        label=label,
        texts=(0, 7),
    )


def children_online(wording: Wording, rows: Sequence[Row]) -> list[Markdown]:
    """Return where the shares of children online come from, and whose are invented.

    Args:
        wording: of the report.
        rows: of ``denominators.csv``; those without a number of children tell of no share.
    """
    text, said = wording.text, []
    used = [row for row in rows if row["children"]]
    if sources := sourced_use(used):
        named = text.enumeration([text.plain(name) for name in sources])
        said.append(text("Shares of them online: {sources}.", sources=named))
    if invented := invented_use(used):
        names = wording.countries(invented)
        said.append(
            text(
                "The share online of {countries} is invented for this simulation.", countries=names
            )
        )
    return said
