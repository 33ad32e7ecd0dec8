"""The question what goes with what: odds ratios over all areas, without a word on causes."""

from collections.abc import Sequence

from disrupting_harm.provenance.addresses import COMPARE, row_count
from disrupting_harm.report.documents.regional.headline_indicator import Answer
from disrupting_harm.report.language.comparison_text import ComparisonFormatter
from disrupting_harm.report.language.markdown import Markdown, format_caption, format_pipe_table
from disrupting_harm.report.reading.rows import PublicRow

TABLE = "associations"
_RATIOS = ("ratio", "ci_low", "ci_high", "prediction_low", "prediction_high")


def answer_what_goes_together(
    wording: ComparisonFormatter, terms: Sequence[str], alpha: Markdown, origin: str
) -> Answer | None:
    """Return the answer from the pooled odds ratios; None without any.

    Args:
        terms: domains that the odds ratios are adjusted for.
        alpha: the level of the tests in per cent.
        origin: the source of the estimates, and whether they are simulated.
    """
    translator = wording.translator
    rows = [row for row in wording.results.rows(TABLE) if row["ratio"]]
    if not rows:
        return None
    clear = [row for row in rows if row["clear"] == "True"]
    address = f"{COMPARE}/{TABLE}"
    lead = translator(
        "{clear} of {all} pairs of answers clearly go together.",
        clear=translator.number(row_count(len(clear), f"{address}/clear:True")),
        all=translator.number(row_count(len(rows), address)),
    )
    return Answer(
        "associations",
        translator("What goes with what?"),
        lead,
        "associations",
        f"{address}/clear:True",
        (Markdown(" ".join(_describe_association(wording, row) for row in clear)),)
        if clear
        else (),
        table=_format_table(wording, rows, origin),
        sure=translator("**How sure?** Answers of one day do not say what came first, nor why."),
        margin=(
            translator(
                "**Odds:** how many did, for each who did not. One in five is odds of 1 to 4."
            ),
        ),
    )


def _describe_association(wording: ComparisonFormatter, row: PublicRow) -> Markdown:
    ratio, low, high, *_ = wording.ratios(row, _RATIOS)
    values = {
        "outcome": wording.labels.short(row["indicator"]),
        "characteristic": wording.labels.short(row["characteristic"]),
        "ratio": ratio,
        "low": low,
        "high": high,
        "n": wording.translator.number(row.number("countries")),
    }
    return wording.translator(
        "Where the answer was “{characteristic}”, the odds of “{outcome}” were {ratio} times those "
        "of the others ({low} to {high}; {n} {areas}).",
        **values,
    )


def _format_table(wording: ComparisonFormatter, rows: Sequence[PublicRow], origin: str) -> Markdown:
    translator, labels = wording.translator, wording.labels
    # Where there are no others nothing is predicted of another one.
    predicted = any(row["prediction_low"] for row in rows)
    header = (
        translator("Outcome"),
        translator("Goes with"),
        translator("Odds ratio"),
        translator("Interval"),
        *([translator("Another {area}")] if predicted else []),
        translator("{Areas}"),
    )
    table_rows = []
    for row in rows:
        ratio, low, high, *prediction = wording.ratios(row, _RATIOS)
        table_rows.append(
            (
                labels.short(row["indicator"]),
                labels.short(row["characteristic"]),
                Markdown(f"**{ratio}**") if row["clear"] == "True" else ratio,
                Markdown(f"{low} to {high}"),
                *([Markdown(" to ".join(prediction))] if predicted else []),
                translator.number(row.number("countries")),
            )
        )
    legend = [translator("In bold: clear; the interval then leaves out 1.")]
    if predicted:
        legend.append(
            translator("Another {area}: where the odds ratio of a similar {area} may lie.")
        )
    return format_pipe_table(
        header,
        table_rows,
        (19, 31, 10, 15, 15, 10) if predicted else (21, 35, 12, 18, 14),
        caption=format_caption(
            translator("What goes with what: odds ratios over all {areas}."), [*legend, origin]
        ),
        label="tbl-associations",
        text_columns=(0, 1),
    )
