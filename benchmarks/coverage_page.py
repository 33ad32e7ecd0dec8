"""The page and the picture of the study of coverage."""

from collections.abc import Sequence

import coverage_countries
import coverage_hard
import pandas as pd
from coverage_scenarios import METHODS, SCENARIO
from matplotlib.figure import Figure
from report import render_png

from disrupting_harm.report.diagnostics.style import MM_PER_INCH, house_style
from disrupting_harm.report.drawing import style
from disrupting_harm.report.drawing.widths import WIDE

NAMES = {
    "korn_graubard": "Korn–Graubard",
    "modified_wilson": "modified Wilson",
    "logit": "logit",
    "beta": "beta",
    "arcsine": "arcsine",
    "likelihood": "likelihood",
    "wald": "Wald",
}
DOMAIN_NAMES = {"total": "whole country", "sex": "by sex", "age_band": "by age", "area": "by area"}
NOMINAL = 95
LEFT_END = 36

OPENING = """\
# Coverage of intervals

Written by `make coverage`; do not edit by hand. The numbers are the same on every machine.

A 95 per cent interval should hold the true proportion in 95 of 100 samples. Whether it does is
measured here on simulated samples, with the estimator and the intervals of the workflow.

- **Korn–Graubard** (the default) covered at least {korn_graubard:.1f} per cent in each of
  {scenarios} scenarios of mild clustering, and was never undefined. In the largest sample its
  intervals are {wider:.1f} per cent wider than logit's. **That is no promise**: with design
  effects of {deff_low:.0f} to {deff_high:.0f} and 15 to 50 degrees of freedom it covered
  {hard_low:.0f} to {hard_high:.0f} per cent at proportions of 3 per cent and more, and
  {rare_low:.0f} to {rare_high:.0f} at 1 per cent. Intervals that miss a small proportion nearly
  all lie too low ([harder samples](#harder-samples)).
- **Modified Wilson** covered at least {modified_wilson:.1f} per cent and was never undefined.
- **Beta** is Korn–Graubard without the cap of the effective sample size at n: {beta:.1f} per cent
  at least. **Likelihood** (at least {likelihood:.1f}) and **arcsine** ({arcsine:.1f}) are too short
  where few children say yes. All three are Clopper–Pearson's at 0 and 100 per cent.
- **Logit** is undefined where no child or every child says yes: in up to {undefined:.0f} per cent
  of the samples of a scenario, which count as not covered. A cell without an interval goes to
  review and says so.
- **Wald** covered {wald:.1f} per cent at worst. The configuration does not accept it.

![Coverage of seven intervals in {scenarios} scenarios](images/coverage.png)

## The scenarios

{repetitions:,} samples each: coverage is known to about ±{error:.1f} points. Answers within a
sampling point (PSU) are alike (beta-binomial, intra-cluster correlation 0.05), weights lognormal
with a coefficient of variation of 0.6. n 960 in 80 PSUs and 8 strata, and domains of 240 and 60
children within it; n 120 in 12 PSUs and 4 strata, with 8 degrees of freedom.

Coverage in per cent; an undefined interval does not cover.
"""

HARD = """\
## Harder samples

{repetitions:,} samples each, ±{error:.1f} points where coverage is 95. As above (weights lognormal
with a coefficient of variation of 0.6), but answers within a PSU have a correlation of 0.10, and
each row adds what its name says: PSUs of unequal size (coefficient of variation 0.7); weights with
one of 1.2 (correlation 0.05); weights that have to do with the answers, as the log-odds of yes rise
or fall by 0.5 with the logarithm of the weight. The last two rows are all of these at once with 20
PSUs (weights with a coefficient of variation of 1.0).

Coverage of Korn–Graubard in per cent at true proportions of 1, 3, 10 and 30 per cent; in brackets
the share of intervals that lie below the truth (2.5 is right).
"""

HARD_OTHERS = """\
At a true proportion of 3 per cent and more the intervals cover at worst, in per cent:
{others}.
The reason is the estimate of the variance, not the interval: a sample that misses the few PSUs with
many yes answers has too small a proportion and too small a standard error. Where about ten yes
answers are expected in few PSUs, an interval holds the truth less often than it says, and a figure
that is wrong is mostly too low. `df` and `deff` of a cell tell such cells.
"""

COUNTRIES = """\
## The simulated countries

{repetitions} samples from the population of each of the {count} countries, each prepared, weighted
and estimated as in the study: selection, non-response, refusals, adjustment, trimming, raking. The
truth is that of the population, had every child answered. Coverage of Korn–Graubard in per cent and
mean width in points, over all headline proportions. Given: standard errors as if weights were
constants. Calibrated: errors that account for the totals that the weights meet.
"""

COMPOSITES = """\
Composites with missing parts, whole country, weights given. *imputed* is the default; the rule that
keeps every yes and drops incomplete noes is too high ([methods](methods.md)):
"""

ENDING = """\
The scenarios rank methods; they do not promise coverage for every survey. The countries are
simulated as well: in fieldwork, non-response and silence can depend on the answers in ways that no
weights mend.
"""


def page(
    scenarios: pd.DataFrame,
    hard: pd.DataFrame,
    countries: pd.DataFrame,
    repetitions: int,
    country_repetitions: int,
) -> str:
    """Return the page in Markdown."""
    ours = hard[hard["method"] == "korn_graubard"]
    rare = ours["truth"] == ours["truth"].min()
    composites = countries[countries["errors"].isin(["given", coverage_countries.OLD_RULE])]
    countries = countries[countries["errors"] != coverage_countries.OLD_RULE]
    worst = (100 * scenarios.groupby("method")["covered"].min()).to_dict()
    undefined = 100 * wide(scenarios, "undefined")
    sizes = wide(scenarios, "width")
    width = sizes[sizes.index.get_level_values("n") == sizes.index.get_level_values("n").max()]
    opening = OPENING.format(
        **worst,
        deff_low=ours.loc[~rare, "deff"].min(),
        deff_high=ours.loc[~rare, "deff"].max(),
        hard_low=100 * ours.loc[~rare, "covered"].min(),
        hard_high=100 * ours.loc[~rare, "covered"].max(),
        rare_low=100 * ours.loc[rare, "covered"].min(),
        rare_high=100 * ours.loc[rare, "covered"].max(),
        wider=100 * (width["korn_graubard"] / width["logit"] - 1).mean(),
        undefined=undefined["logit"].max(),
        scenarios=len(undefined),
        repetitions=repetitions,
        error=100 * 2 * (0.05 * 0.95 / repetitions) ** 0.5,
    )
    always = [name for name in METHODS if undefined[name].max() == 0]
    sometimes = [name for name in METHODS if name not in always]
    parts = [
        opening,
        table(100 * wide(scenarios, "covered"), 1),
        "Mean width in percentage points, of those defined.\n",
        table(100 * sizes, 1),
        "Undefined, in per cent of the samples. Never: "
        + ", ".join(NAMES[name] for name in always)
        + ".\n",
        table(undefined[sometimes], 1),
        HARD.format(
            repetitions=coverage_hard.REPETITIONS,
            error=100 * 2 * (0.05 * 0.95 / coverage_hard.REPETITIONS) ** 0.5,
        ),
        _hard(ours),
        HARD_OTHERS.format(others=_others(hard)),
        COUNTRIES.format(repetitions=country_repetitions, count=countries["country"].nunique()),
        _by_domain(countries),
        "By indicator, whole country:\n",
        _by_indicator(countries[countries["domain"] == "total"]),
        COMPOSITES,
        _composites(composites[composites["domain"] == "total"]),
        "All intervals, whole country and groups together, weights given:\n",
        _by_method(countries[countries["errors"] == "given"]),
        ENDING,
    ]
    return "\n".join(parts)


def wide(scenarios: pd.DataFrame, value: str, by: Sequence[str] = SCENARIO) -> pd.DataFrame:
    """Return one row per scenario and one column per method."""
    return scenarios.pivot_table(index=list(by), columns="method", values=value, sort=False)


def table(values: pd.DataFrame, digits: int) -> str:
    """Return scenarios as a Markdown table, methods as columns."""
    head = ["sample", "n", "true %", *(NAMES[name] for name in values.columns)]
    rows = [
        [sample, str(n), f"{100 * truth:g}", *(f"{value:.{digits}f}" for value in row)]
        for (sample, n, truth), row in zip(values.index, values.to_numpy(), strict=True)
    ]
    return markdown(head, rows)


def markdown(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table, the first column to the left and numbers to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _hard(found: pd.DataFrame) -> str:
    rows = []
    for sample in coverage_hard.SAMPLES:
        own = found[found["sample"] == sample.name].sort_values("truth")
        numbers = zip(100 * own["covered"], 100 * own["below"], strict=True)
        effects = f"{own['deff'].min():.1f}–{own['deff'].max():.1f}"
        cells = [f"{covered:.1f} ({below:.1f})" for covered, below in numbers]
        rows.append([sample.name, str(sample.df), effects, *cells])
    return markdown(["sample", "df", "design effect", "1 %", "3 %", "10 %", "30 %"], rows)


def _others(hard: pd.DataFrame) -> str:
    usual = hard[hard["truth"] > hard["truth"].min()]
    worst = 100 * usual.groupby("method")["covered"].min()
    return ", ".join(f"{NAMES[name]} {worst[name]:.1f}" for name in METHODS)


def _composites(cells: pd.DataFrame) -> str:
    old = cells["errors"] == coverage_countries.OLD_RULE
    names = cells.loc[old, "indicator"].unique()
    found = coverage_countries.rates(cells, ["indicator"], "korn_graubard")
    rules = {"given": "imputed", coverage_countries.OLD_RULE: coverage_countries.OLD_RULE}
    rows = []
    for name in names:
        for errors, rule in rules.items():
            row = found[(found["indicator"] == name) & (found["errors"] == errors)].iloc[0]
            numbers = (row["covered"], row["width"])
            shown = [f"{100 * number:.1f}" for number in numbers]
            rows.append(
                [f"`{name}`", f"`{rule}`", *shown, f"{round(100 * row['bias'], 2) + 0:.2f}"]
            )
    return markdown(["composite", "rule", "coverage", "width", "mean error, points"], rows)


def _by_domain(countries: pd.DataFrame) -> str:
    return _both_errors(countries, "domain", "cells", DOMAIN_NAMES)


def _by_indicator(national: pd.DataFrame) -> str:
    return _both_errors(national, "indicator", "headline proportion", {})


def _both_errors(cells: pd.DataFrame, by: str, title: str, names: dict[str, str]) -> str:
    found = coverage_countries.rates(cells, [by], "korn_graubard").set_index([by, "errors"])
    rows = []
    for name in found.index.get_level_values(by).unique():
        given, calibrated = found.loc[(name, "given")], found.loc[(name, "calibrated")]
        rows.append(
            [
                names.get(name, f"`{name}`"),
                f"{given['cells']:,.0f}",
                f"{100 * given['covered']:.1f}",
                f"{100 * given['width']:.1f}",
                f"{100 * calibrated['covered']:.1f}",
                f"{100 * calibrated['width']:.1f}",
                # Adding zero turns -0.0 into 0.0.
                f"{round(100 * given['bias'], 2) + 0.0:.2f}",
            ]
        )
    head = [title, "intervals", "given: coverage", "width", "calibrated: coverage", "width"]
    return markdown([*head, "mean error, points"], rows)


def _by_method(cells: pd.DataFrame) -> str:
    rows = []
    for method in METHODS:
        found = coverage_countries.rates(cells, [], method).iloc[0]
        numbers = (found["covered"], found["width"], found["undefined"])
        digits = (1, 1, 2)
        shown = (f"{100 * x:.{places}f}" for x, places in zip(numbers, digits, strict=True))
        rows.append([NAMES[method], *shown])
    return markdown(["interval", "coverage", "width", "undefined"], rows)


def picture(scenarios: pd.DataFrame) -> bytes:
    """Return a PNG: one panel per method, one row per scenario, a dot at its coverage."""
    values = 100 * wide(scenarios, "covered")
    labels = [f"{sample}, n {n}, {100 * truth:g} %" for sample, n, truth in values.index]
    with house_style():
        width, height = WIDE.width / MM_PER_INCH, 96 / MM_PER_INCH
        figure = Figure(figsize=(width, height))
        panels = figure.subplots(1, len(METHODS), sharey=True)
        figure.subplots_adjust(left=0.21, right=0.985, top=0.90, bottom=0.15, wspace=0.12)
        for panel, method in zip(panels, METHODS, strict=True):
            coverage = values[method].to_numpy()
            good = coverage >= 93.5
            rows = range(len(labels))
            panel.axvline(NOMINAL, color=style.GREY, linewidth=0.8)
            # A shape as well as a colour says which fall short.
            for chosen, marker, color in ((good, "o", style.TEAL), (~good, "D", style.RUST)):
                panel.scatter(
                    coverage[chosen],
                    [row for row in rows if chosen[row]],
                    s=11,
                    marker=marker,
                    color=color,
                    zorder=3,
                )
            panel.set_xlim(LEFT_END, 102)
            panel.set_xticks([50, 70, NOMINAL])
            title = NAMES[method].replace(" ", "\n").replace("–", "–\n")
            panel.set_title(title, fontsize=WIDE.small, color=style.INK)
            panel.grid(axis="y", linewidth=0.4)
        panels[0].set_yticks(range(len(labels)), labels)
        panels[0].invert_yaxis()
        note = "Coverage of 95 % intervals, per cent of samples. Diamonds: below 93.5."
        figure.text(0.985, 0.015, note, ha="right", fontsize=WIDE.small, color=style.GREY)
        return render_png(figure, "Coverage of intervals")
