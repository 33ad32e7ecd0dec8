"""The page and the picture of the study of rank sets, verdicts and intervals."""

import pandas as pd
from coverage_page import markdown
from matplotlib.figure import Figure
from report import render_png

from disrupting_harm.report.diagnostics.style import MM_PER_INCH, house_style
from disrupting_harm.report.drawing import style
from disrupting_harm.report.drawing.widths import WIDE

NOMINAL = 95
NAMES = {
    ("order of the estimates", "naive"): "order of the estimates",
    ("overlap of 95 % intervals", "naive"): "overlap of 95 % intervals",
    ("single tests", "naive"): "tests of single pairs",
    ("klein", "simultaneous"): "Klein",
    ("mogstad_single_step", "simultaneous"): "Mogstad, single step",
    ("mogstad_step_down", "simultaneous"): "Mogstad, step-down",
}
MARGINAL = {
    ("mogstad_single_step", "marginal"): "Mogstad, single step",
    ("mogstad_step_down", "marginal"): "Mogstad, step-down",
}
FAMILIES = {
    "all pairs": "91 differences between countries",
    "from regional means": "14 differences from regional means",
    "gaps": "14 gaps between two halves of each country",
}
VERDICTS, INTERVALS = (
    {(name, kind): said for name, said in FAMILIES.items()} for kind in ("verdicts", "intervals")
)

OPENING = """\
# Coverage of rank sets, verdicts and intervals

Written by `make coverage`; do not edit by hand. The numbers are the same on every machine.

A rank set says which ranks a country may have. Sets of all countries together should hold all true
ranks in 95 of 100 studies. Whether they do is measured here, on estimates of 14 countries with an
effective sample size of 480 each. Where countries are tied, a set has to hold all ranks that the
tie leaves open.

- **Step-down sets** (Mogstad et al. 2024) held all ranks in at least {step_down:.1f} per cent of
  the samples of every scenario, single-step sets in {single_step:.1f} and Klein's in {klein:.1f},
  which are wider.
- **The order of the estimates** was right for all countries in {order:.1f} per cent of the samples
  at best. **Tests of single pairs**, without a correction for their number, held all ranks in
  {tests:.1f} per cent at worst, and **overlap of intervals** in {overlap:.1f}.
- **Verdicts**: nothing false was called clear among all pairs of countries in at least
  {pairs:.1f} per cent of the samples, among all gaps in {gaps:.1f}, and among differences from
  regional means in {regions:.1f}, the least with 8 degrees of freedom, where Satterthwaite's
  approximation falls short. **Each interval** held its own true difference in at least
  {each:.1f}; they are not made to hold all at once.
- In the simulated study the wrong country would be called the highest or the lowest in
  {wrong:.2f} per cent of the studies at worst with step-down sets, and in {naive:.0f} per cent
  where the first of the list is called so.

![Coverage of rank sets by method and scenario](images/comparison-coverage.png)

## Rank sets of all countries

{repetitions:,} samples of each scenario: coverage near 95 is known to about ±{error:.1f} points
(two standard errors). Answers are binomial; the estimated variances have chi-squared errors with 88
degrees of freedom, as in the study, or with 8.

Per cent of samples in which the sets of all countries hold their true ranks.
"""

WIDTH = """\
Mean number of ranks in a set; 1 would be an order, 14 says nothing.
"""

ALONE = """\
## The rank set of one country

Marginal sets hold the rank of one country that was chosen beforehand. Per cent of samples in which
the set of the country that fares worst does, and mean number of ranks.
"""

EACH = """\
## Verdicts and intervals of differences

Per cent of samples without any false finding in a family: nothing is called clear that is zero, or
has the other sign. Each half of a country has an effective sample size of 240.
"""

SINGLE = """\
Per cent of samples in which the interval of a family that fares worst holds its true value. An
interval is as wide as the step of its row asks. Differences from regional means are made from the
limits of each country's log-odds.
"""

EXTREMES = """\
## False highest, false lowest

{repetitions:,} studies with the true values of the simulated countries, {interviews} interviews in
each and its design effect. A country is called the highest where it alone may have rank 1 in the
simultaneous step-down sets, the lowest alike. Beside it: where the first of the list is called so.
Per cent of studies; lead: by how many points the true extreme leads the next.
"""

ENDING = """\
Where the next country is near, surveys of this size can seldom name the highest; the sets say so
instead of naming the wrong one. Estimates here are independent of each other and have no bias;
what differs between surveys besides chance is in the table of comparability, not in these numbers.
"""


def page(
    coverage: pd.DataFrame, extremes: pd.DataFrame, repetitions: int, extreme_repetitions: int
) -> str:
    """Return the page in Markdown."""
    from comparison_scenarios import INTERVIEWS

    joint = wide(coverage, "joint")
    lowest, best, worst = joint.min(axis=1), joint.max(axis=1), wide(coverage, "worst")
    wrong = extremes.groupby("rule")["wrong"].max()
    opening = OPENING.format(
        step_down=lowest["mogstad_step_down", "simultaneous"],
        single_step=lowest["mogstad_single_step", "simultaneous"],
        klein=lowest["klein", "simultaneous"],
        order=best["order of the estimates", "naive"],
        tests=lowest["single tests", "naive"],
        overlap=lowest["overlap of 95 % intervals", "naive"],
        pairs=lowest["all pairs", "verdicts"],
        gaps=lowest["gaps", "verdicts"],
        regions=lowest["from regional means", "verdicts"],
        each=worst.loc[list(INTERVALS)].min(axis=None),
        wrong=100 * wrong["sole"],
        naive=100 * wrong["first"],
        repetitions=repetitions,
        error=100 * 2 * (0.05 * 0.95 / repetitions) ** 0.5,
    )
    width = wide(coverage, "width") / 100
    return "\n".join(
        [
            opening,
            _table(joint, NAMES),
            WIDTH,
            _table(width, NAMES),
            ALONE,
            _alone(worst, width),
            EACH,
            _table(joint, VERDICTS),
            SINGLE,
            _table(worst, INTERVALS),
            EXTREMES.format(repetitions=extreme_repetitions, interviews=INTERVIEWS),
            _extremes(extremes),
            ENDING,
        ]
    )


def wide(coverage: pd.DataFrame, value: str) -> pd.DataFrame:
    """Return 100 times a value, one row per method and scope and one column per scenario."""
    rows = ["method", "scope"]
    return 100 * coverage.pivot_table(index=rows, columns="scenario", values=value, sort=False)


def picture(coverage: pd.DataFrame) -> bytes:
    """Return a PNG: one panel per scenario, one row per method, a dot at its joint coverage."""
    joint = wide(coverage, "joint")
    with house_style():
        size = WIDE.width / MM_PER_INCH, 62 / MM_PER_INCH
        figure = Figure(figsize=size)
        panels = figure.subplots(1, len(joint.columns), sharey=True)
        figure.subplots_adjust(left=0.23, right=0.985, top=0.82, bottom=0.21, wspace=0.12)
        for panel, scenario in zip(panels, joint.columns, strict=True):
            values = joint.loc[list(NAMES), scenario].to_numpy()
            rows = range(len(values))
            panel.axvline(NOMINAL, color=style.GREY, linewidth=0.8)
            good = values >= NOMINAL - 1
            # A shape as well as a colour says which fall short.
            for chosen, marker, color in ((good, "o", style.TEAL), (~good, "D", style.RUST)):
                places = [row for row in rows if chosen[row]]
                panel.scatter(values[chosen], places, s=14, marker=marker, color=color, zorder=3)
            panel.set_xlim(-6, 106)
            panel.set_xticks([0, 50, NOMINAL])
            title = scenario.replace(", ", "\n", 1)
            panel.set_title(title, fontsize=WIDE.small, color=style.INK)
            panel.grid(axis="y", linewidth=0.4)
        panels[0].set_yticks(rows, list(NAMES.values()))
        panels[0].invert_yaxis()
        note = "All ranks held, per cent of samples. Diamonds: below 94. Line: 95."
        figure.text(0.985, 0.03, note, ha="right", fontsize=WIDE.small, color=style.GREY)
        return render_png(figure, "Coverage of rank sets")


def _table(values: pd.DataFrame, names: dict[tuple[str, str], str]) -> str:
    rows = [[name, *(f"{x:.1f}" for x in values.loc[key])] for key, name in names.items()]
    return markdown(["method", *values.columns], rows)


def _alone(worst: pd.DataFrame, width: pd.DataFrame) -> str:
    rows = []
    for key, name in MARGINAL.items():
        pairs = zip(worst.loc[key], width.loc[key], strict=True)
        rows.append([name, *(f"{held:.1f} ({ranks:.1f} ranks)" for held, ranks in pairs)])
    return markdown(["method", *worst.columns], rows)


def _extremes(extremes: pd.DataFrame) -> str:
    table = extremes.set_index(["indicator", "extreme", "rule"])
    rows = []
    for indicator, extreme in dict.fromkeys(table.index.droplevel("rule")):
        sole, first = (
            table.loc[(indicator, extreme, "sole")],
            table.loc[(indicator, extreme, "first")],
        )
        shares = (sole["right"], sole["wrong"], sole["none"], first["wrong"], sole["lead"])
        rows.append([f"`{indicator}`, {extreme}", *(f"{100 * share:.1f}" for share in shares)])
    head = ["indicator", "right", "wrong", "none named", "first of the list: wrong", "lead, points"]
    return markdown(head, rows)
