"""The question what may be compared."""

from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.regional.question import Answer, Subject


def comparable(
    subject: Subject, table: Markdown, apart: list[Markdown], two_series: bool
) -> Answer | None:
    """Return the answer from the ledger; None without one.

    Args:
        subject: the indicator.
        table: what is known of each survey.
        apart: a sentence on each area that is set apart.
        two_series: whether two summary indicators are compared.
    """
    text = subject.text
    rows = subject.rows("comparability")
    if not rows:
        return None
    yes = [row for row in rows if row["comparable"] == "yes"]
    values = {
        "n": subject.count(yes, "comparability", "comparable:yes"),
        "m": subject.count(rows, "comparability"),
    }
    lead = (
        text("All {m} {areas}: the same question about the same time, at the same ages.", **values)
        if len(yes) == len(rows)
        else text(
            "{n} of {m} {areas}: the same question about the same time, at the same ages.", **values
        )
    )
    paragraphs = [Markdown(" ".join(apart))] if apart else []
    if apart:
        paragraphs.append(text("What is set apart is shown, and neither ranked nor averaged."))
    if two_series:
        paragraphs.append(
            text(
                "The two summary indicators count different experiences: they are never compared "
                "with each other, and share no table, figure or average."
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
