"""The page and the picture of the coverage of pooled numbers."""

import pandas as pd
from coverage_page import markdown
from matplotlib.figure import Figure
from report import render_png

from disrupting_harm.report.diagnostics.style import MM_PER_INCH, house_style
from disrupting_harm.report.drawing import style
from disrupting_harm.report.drawing.widths import WIDE

NAMES = {
    "equal_country": "equal country",
    "population_weighted": "population weighted",
    "modified_hartung_knapp": "random effects",
    "prediction": "prediction",
    "tau2": "tau² (Q-profile)",
    "hartung_knapp": "plain Hartung-Knapp",
    "wald": "Wald",
    "prediction_hk": "prediction, tau² as estimated",
    "prediction_hts": "prediction (HTS)",
}
TITLES = {
    "equal_country": "equal\ncountry",
    "population_weighted": "population\nweighted",
    "modified_hartung_knapp": "random\neffects",
    "prediction": "prediction",
    "tau2": "tau²",
    "hartung_knapp": "plain\nHK",
    "wald": "Wald",
    "prediction_hk": "prediction\n(tau² est.)",
    "prediction_hts": "prediction\n(HTS)",
}
# What the workflow prints; the others stand beside them for comparison.
PRINTED = ("equal_country", "population_weighted", "modified_hartung_knapp", "prediction", "tau2")
NOMINAL = 95
GOOD = 93
LEFT_END = 76

OPENING = """\
# Coverage of pooled numbers

Written by `make coverage`; do not edit by hand. The numbers are the same on every machine.

The comparison pools countries in three ways, each with a 95 per cent interval, and adds a
prediction interval for another country like these. How often they hold the truth is measured here
on simulated samples, with the functions of the workflow.

- **Equal country** covers the mean of these countries in {equal_country[0]:.1f} to
  {equal_country[1]:.1f} per cent of the samples, **population weighted** the proportion of all
  their internet-using children together in {population_weighted[0]:.1f} to
  {population_weighted[1]:.1f}.
- **Random effects** (REML, modified Hartung-Knapp) cover the centre of the distribution from which
  the countries come in {modified_hartung_knapp[0]:.1f} to {modified_hartung_knapp[1]:.1f} per cent.
  The plain form of Hartung and Knapp covers {hartung_knapp[0]:.1f} at worst, Wald's interval
  {wald[0]:.1f}.
- The **prediction interval** holds the true proportion of one more country in {prediction[0]:.1f}
  to {prediction[1]:.1f} per cent. The usual form, which takes tau² as estimated, does in
  {prediction_hk[0]:.1f} to {prediction_hk[1]:.1f}, that of Higgins, Thompson and Spiegelhalter in
  {prediction_hts[0]:.1f} to {prediction_hts[1]:.1f}: where few countries differ little, tau² is
  often estimated as zero. With three countries it covers at the price of a width that says little.
- The **Q-profile interval** of tau² covers {tau2[0]:.1f} to {tau2[1]:.1f} per cent.

![Coverage of pooled numbers in {scenarios} scenarios](images/pooling-coverage.png)

## The scenarios

{repetitions:,} repetitions each: coverage is known to about ±{error:.1f} points. The log-odds of k
countries are drawn from a normal distribution around those of the proportion, with standard
deviation tau. In every country 960 children in 80 PSUs and 8 strata answer; answers within a PSU
are alike (beta-binomial, intra-cluster correlation 0.05). Where nobody says yes, the middle of the
Korn-Graubard interval and half its width stand in, as in the workflow. Countries have 0.3 to 27
million children, of whom 25 to 95 per cent use the internet, a share known from 1,500 children with
a design effect of 2.

Coverage in per cent of what the workflow prints.
"""

ENDING = """\
True log-odds are normal here, and the countries are a sample. In the study they were chosen: the
random-effects numbers describe countries like these under this model, and nothing can be said of
how often that is right.
"""


HIDDEN = """\
## Hidden countries

A country of which fewer than ten children say yes is hidden, and counts with its printed bound.
Here 13 countries have true shares of 5 to 12 per cent, but for those that the scenario names; 2,000
samples each (random effects 500), with 960 children in a country, or 400. Coverage of the average
of *all* countries in per cent, and mean width in percentage points: of the interval that leaves
the hidden countries out, and of the one that is printed.
"""

SUMS = """\
Coverage of the number of children in all countries together in per cent, and mean width in
thousands. Ends added up are those of the countries with an estimate; what is printed recovers the
limits from theirs, and adds what the bound allows.
"""

HIDDEN_ENDING = """\
The truth of random effects is the centre of the true log-odds of these 13 countries. Leaving out a
country is no harmless loss of one: it is hidden because few said yes, so that the average of the
others is too high.
"""


def page(found: pd.DataFrame, repetitions: int, hidden: pd.DataFrame) -> str:
    """Return the page in Markdown.

    Args:
        found: coverage where every country has an estimate.
        repetitions: samples of each scenario of it.
        hidden: coverage where countries are hidden, of ``hidden_coverage.coverage``.
    """
    covered, width = wide(found, "covered"), wide(found, "width")
    ranges = {name: (100 * covered[name].min(), 100 * covered[name].max()) for name in NAMES}
    others = [name for name in NAMES if name not in PRINTED]
    opening = OPENING.format(
        **ranges,
        scenarios=len(covered),
        repetitions=repetitions,
        error=100 * 2 * (0.05 * 0.95 / repetitions) ** 0.5,
    )
    proportions = [name for name in NAMES if name != "tau2"]
    return "\n".join(
        [
            opening,
            table(100 * covered[list(PRINTED)]),
            "Coverage in per cent of other methods, which the workflow does not print.\n",
            table(100 * covered[others]),
            "Median width in percentage points.\n",
            table(100 * width[proportions]),
            ENDING,
            *hidden_countries(hidden),
        ]
    )


def hidden_countries(found: pd.DataFrame) -> list[str]:
    """Return the section on countries that count with their bounds, and on sums."""
    cells = found.set_index(["scenario", "number", "method"])
    scenarios = list(dict.fromkeys(found["scenario"]))
    averages = ("equal country", "population weighted", "random effects")

    def printed(scenario: str, number: str, method: str, unit: float, digits: int) -> str:
        row = cells.loc[(scenario, number, method)]
        return f"{100 * row['covered']:.1f} / {row['width'] / unit:,.{digits}f}"

    rows = [
        [scenario, f"{cells.loc[scenario]['hidden'].iloc[0]:.1f}"]
        + [
            printed(scenario, number, method, 0.01, 1)
            for number in averages
            for method in ("left out", "printed")
        ]
        for scenario in scenarios
    ]
    head = ["scenario", "hidden"]
    head += [f"{number}: {method}" for number in averages for method in ("left out", "with bound")]
    sums = [
        [scenario]
        + [printed(scenario, "sum", method, 1000, 0) for method in ("ends added up", "printed")]
        for scenario in scenarios
    ]
    return [
        HIDDEN,
        markdown(head, rows),
        SUMS,
        markdown(["scenario", "ends added up", "printed"], sums),
        HIDDEN_ENDING,
    ]


def wide(found: pd.DataFrame, value: str) -> pd.DataFrame:
    """Return one row per scenario and one column per method."""
    return found.pivot_table(index=["k", "tau", "p"], columns="method", values=value, sort=False)


def table(values: pd.DataFrame) -> str:
    """Return scenarios as a Markdown table, methods as columns."""
    head = ["countries", "tau", "true %", *(NAMES[name] for name in values.columns)]
    rows = [
        [str(k), f"{tau:g}", f"{100 * p:g}", *(f"{value:.1f}" for value in row)]
        for (k, tau, p), row in zip(values.index, values.to_numpy(), strict=True)
    ]
    return markdown(head, rows)


def picture(found: pd.DataFrame) -> bytes:
    """Return a PNG: one panel per method, one row per scenario, a dot at its coverage."""
    values = 100 * wide(found, "covered")
    labels = [f"{k} countries, tau {tau:g}, {100 * p:g} %" for k, tau, p in values.index]
    with house_style():
        width, height = WIDE.width / MM_PER_INCH, 104 / MM_PER_INCH
        figure = Figure(figsize=(width, height))
        panels = figure.subplots(1, len(TITLES), sharey=True)
        figure.subplots_adjust(left=0.235, right=0.985, top=0.90, bottom=0.14, wspace=0.12)
        for panel, (method, title) in zip(panels, TITLES.items(), strict=True):
            coverage = values[method].to_numpy()
            good = coverage >= GOOD
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
            panel.set_xticks([80, NOMINAL])
            panel.set_title(title, fontsize=WIDE.small, color=style.INK)
            panel.grid(axis="y", linewidth=0.4)
        panels[0].set_yticks(range(len(labels)), labels)
        panels[0].invert_yaxis()
        note = f"Coverage of 95 % intervals, per cent of samples. Diamonds: below {GOOD}."
        figure.text(0.985, 0.015, note, ha="right", fontsize=WIDE.small, color=style.GREY)
        return render_png(figure, "Coverage of pooled numbers")
