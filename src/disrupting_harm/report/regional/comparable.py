"""The question what may be compared."""

from collections.abc import Sequence

from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.regional.question import Answer, Subject
from disrupting_harm.report.regional.results import Row

# What a question asks about, by the recall of the codebook: not when it was asked.
PERIODS = {
    "past_year": " about the year before",
    "past_three_months": " about the three months before",
    "lifetime": " about their lives until then",
    "last_time": " about the last time",
}


def comparable(
    subject: Subject, table: Markdown, apart: list[Markdown], series: Sequence[str]
) -> Answer | None:
    """Return the answer from the ledger; None without one.

    Args:
        subject: the indicator.
        table: what is known of each survey.
        apart: a sentence on each area that is set apart.
        series: the summary indicators compared.
    """
    text = subject.text
    rows = subject.rows("comparability")
    if not rows:
        return None
    yes = [row for row in rows if row["comparable"] == "yes"]
    lead = _lead(subject, yes, rows)
    known = [*apart]
    if apart:
        known.append(text("What is set apart is shown, and neither ranked nor averaged."))
    if subject.hidden and subject.shown:
        known.append(
            text(
                "{n} of the {m} have an estimate.",
                n=subject.ranked(),
                m=subject.count(yes, "comparability", "comparable:yes"),
            )
        )
    paragraphs = [Markdown(" ".join(known))] if known else []
    if len(series) > 1:
        names = [Markdown(f"“{subject.wording.labels.short(name)}”") for name in series]
        paragraphs.append(
            text(
                "{indicators} count different experiences (annex): they are never compared with "
                "each other, and share no figure or average.",
                indicators=text.enumeration(names),
            )
        )
    return Answer(
        "comparable",
        text("What may be compared?"),
        lead,
        "ledger",
        subject.where("comparability"),
        tuple(paragraphs),
        table=table,
        sure=text(
            "**How sure?** What is missing in the table is not known, and the comparison cannot "
            "account for it."
        ),
        margin=(
            text("**Asked:** {label}.", label=subject.wording.labels.indicator(subject.indicator)),
        ),
    )


def _lead(subject: Subject, yes: Sequence[Row], rows: Sequence[Row]) -> Markdown:
    """Return how many of the areas may be compared, and what is the same in them."""
    text = subject.text
    if len(rows) == 1:
        name = subject.wording.in_text(rows[0]["country"])
        return text("Nothing: {country} is the only {area} of this study.", country=name)
    recall = subject.wording.labels.definition(subject.indicator).recall
    values = {
        "period": text(PERIODS[recall]) if recall in PERIODS else Markdown(""),
        "n": subject.count(yes, "comparability", "comparable:yes"),
        "m": subject.count(rows, "comparability"),
    }
    if len(yes) == len(rows):
        return text(
            "All {m} {areas}: they asked the same question{period}, of {respondents} of the same "
            "ages.",
            **values,
        )
    return text(
        "{n} of {m} {areas}: they asked the same question{period}, of {respondents} of the same "
        "ages.",
        **values,
    )
