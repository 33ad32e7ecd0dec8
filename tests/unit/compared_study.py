"""The comparison from releases to the regional page, for small studies made up of counts."""

import html
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from comparison_study import means
from release_cells import from_counts, released
from rendering_sample import furnish

from disrupting_harm.comparison import TABLES, WITHIN
from disrupting_harm.comparison.judgements import Judgement
from disrupting_harm.comparison.ledger import comparability_ledger as ledger_of
from disrupting_harm.report.documents.regional.report import compose_regional, write_regional_report
from disrupting_harm.report.documents.templates import fill_template
from disrupting_harm.report.figures.comparison import TABLES_OF
from disrupting_harm.report.findings.references import References
from disrupting_harm.report.language.markdown import remove_addresses
from disrupting_harm.report.language.translator import build_english
from disrupting_harm.report.reading.comparison_results import read_regional
from disrupting_harm.report.reading.country_results import list_figures
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.stages.compare import Rules, compare_all
from disrupting_harm.stages.comparison_figures import draw_comparison_figures
from disrupting_harm.stages.publish_comparison import publish_comparison
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Comparison, Configuration
from disrupting_harm.study.configuration.publication_config import Publication
from disrupting_harm.study.countries import Country
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.io import check_table, read_table, write_table
from disrupting_harm.tables.rules import in_shape

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "workflow" / "templates"
AFRICA, ASIA = "Eastern and Southern Africa", "Southeast Asia"
NAMES = {"KEN": "Kenya", "NAM": "Namibia", "UGA": "Uganda", "KHM": "Cambodia", "THA": "Thailand"}
REGIONS = {"KEN": AFRICA, "NAM": AFRICA, "UGA": AFRICA, "KHM": ASIA, "THA": ASIA}
YES = {"item": "a", "among": ["yes"]}
LEVELS = {
    "sex": {"boy": 0.5, "girl": 0.5},
    "area": {"urban": 0.4, "rural": 0.6},
}
# Clear and wide are composites of two series, which are never to meet.
INDICATORS: tuple[dict[str, Any], ...] = (
    {
        "id": "clear",
        "label": "Clear composite",
        "any_of": ["part"],
        "series": "report_composite",
        "silence": True,
    },
    {
        "id": "wide",
        "label": "Wide composite",
        "any_of": ["part", "other"],
        "series": "wider_composite",
    },
    {"id": "daily", "label": "Daily use", "numerator": [YES]},
    {"id": "hours", "label": "Mean hours", "statistic": "mean", "value": "h"},
)
PARTS = ({"id": "part", "numerator": [YES]}, {"id": "other", "numerator": [YES]})
PUBLICATION = Publication(review="show")
GAPS = ("sex", "area")
COMPARISON = Comparison.model_validate(
    {
        "gaps": GAPS,
        "standard": {"domain": "sex", "shares": {"boy": 1, "girl": 1}, "source": "equal shares"},
        "adjust_for": ["sex"],
        "draws": 10_000,
    }
)
SHOWN = {
    "clear": {"KEN": (1000, 220), "NAM": (900, 90), "UGA": (480, 120), "KHM": (990, 110),
              "THA": (970, 100)},
    "wide": {"KEN": (1000, 260), "NAM": (900, 120), "UGA": (480, 150), "KHM": (990, 140),
             "THA": (970, 130)},
}  # fmt: skip
Counts = Mapping[str, Mapping[str, tuple[int, int]]]


@dataclass(frozen=True)
class Made:
    """A comparison with everything that it became; ``book`` is the text of its data book."""

    release: pd.DataFrame
    restricted: dict[str, pd.DataFrame]
    public: Path
    page: Path
    book: str

    def table(self, name: str) -> pd.DataFrame:
        """Read a public table as text."""
        path = self.public / "comparison" / f"{name}.csv"
        return pd.read_csv(path, dtype=str, keep_default_na=False)

    @property
    def html(self) -> str:
        """The page."""
        return (self.page / "report.html").read_text(encoding="utf-8")

    @property
    def source(self) -> str:
        """The page's Markdown, without the addresses of its numbers."""
        return remove_addresses((self.page / "report.qmd").read_text(encoding="utf-8"))

    @property
    def text(self) -> str:
        """The words of the page, without markup, in one line."""
        body = re.sub(r"<(style|script|svg)\b.*?</\1>", " ", self.html, flags=re.DOTALL)
        plain = html.unescape(re.sub(r"<[^>]*>", " ", body))
        return re.sub(r"\s+", " ", plain).replace(" .", ".")

    @property
    def absent(self) -> dict[str, str]:
        """Why each figure that was not drawn was not."""
        listed = list_figures(self.public / "figures" / "comparison")
        return {entry["id"]: entry["absent"] for entry in listed if not entry["files"]}


def codebook(indicators: tuple[str, ...] = ("clear", "wide")) -> Codebook:
    """Return a codebook in which these indicators are compared."""
    own = [entry | {"headline": entry["id"] in indicators} for entry in INDICATORS]
    parts = [entry | {"label": f"Label of {entry['id']}"} for entry in PARTS]
    labels = {"boy": "Boys", "girl": "Girls"}
    return Codebook.model_validate(
        {
            "items": [
                {"id": "a", "type": "yes_no"},
                {"id": "h", "type": "number"},
                {"id": "sex", "type": "choice", "values": ["boy", "girl"], "value_labels": labels},
                {"id": "area", "type": "choice", "values": ["urban", "rural"]},
            ],
            "domains": [
                {"id": "total", "label": "All children"},
                {"id": "sex", "label": "Sex", "item": "sex"},
                {"id": "area", "label": "Area", "item": "area"},
            ],
            "modules": [{"id": "m", "label": "Module"}],
            "series": [
                {"id": "report_composite", "label": "Clear examples"},
                {"id": "wider_composite", "label": "Any form"},
            ],
            "indicators": [entry | {"module": "m"} for entry in (*parts, *own)],
        }
    )


def rows(codes: list[str], regions: Mapping[str, str | None] = REGIONS) -> dict[str, Country]:
    """Return rows of the countries file."""
    return {
        code: Country.model_validate(
            {
                "country": code,
                "name": NAMES[code],
                "region": regions.get(code),
                "children": 1_000_000 * (at + 2),
                "children_year": 2020,
                "children_source": f"Census of {NAMES[code]}",
                "internet_use_rate": 0.4 + 0.1 * at,
                "internet_use_source": "household roster",
                "wave": "1",
            }
        )
        for at, code in enumerate(codes)
    }


@dataclass(frozen=True)
class Compared:
    """Made-up countries with the tables of their comparison."""

    release: pd.DataFrame
    restricted: dict[str, pd.DataFrame]
    definitions: Codebook
    countries: dict[str, Country]
    tables: Path


def make(
    folder: Path,
    counts: Counts | None = None,
    *,
    templates: Path = TEMPLATES,
    **of: Any,
) -> Made:
    """Run the comparison of made-up countries from their releases to the page.

    Args:
        folder: where the files go.
        counts: as of :func:`compare`.
        templates: folder of templates.
        of: further arguments of :func:`compare`.
    """
    return tell(compare(folder / "tables", counts, **of), folder, templates)


def compare(
    folder: Path,
    counts: Counts | None = None,
    *,
    regions: Mapping[str, str | None] = REGIONS,
    apart: Mapping[str, str] | None = None,
    averages: Mapping[str, tuple[float, float]] | None = None,
    show_all: bool = False,
) -> Compared:
    """Compare made-up countries, and write the public tables into ``folder``.

    Args:
        folder: where the files go.
        counts: by indicator and country, valid answers and yes answers; without an answer the
            country's survey did not ask.
        regions: region of each country.
        apart: countries that the judgements set apart, by code and indicator ("*" for all).
        averages: mean and its error by country, of the indicator "hours".
        show_all: every cell is shown, whatever the rules say.
    """
    counts = SHOWN if counts is None and averages is None else counts or {}
    compared_on = tuple(counts) + (("hours",) if averages else ())
    definitions = codebook(compared_on)
    release = check_table(
        _release(counts, averages), restricted_contract("country/release"), "made-up release"
    )
    if show_all:
        percent = [f"{100 * value:.1f}" for value in release["estimate"]]
        release = release.assign(status="present", reliability="present", shown=percent)
    own = rows(sorted(set(release["country"])), regions)
    judgements = [
        Judgement(code, indicator, "definition", "", False, "another question", "its report")
        for code, indicator in (apart or {}).items()
    ]
    ledger = ledger_of(
        own, definitions, list(compared_on), {}, judgements, "simulated", _unasked(counts)
    )
    rules = Rules(definitions, COMPARISON, PUBLICATION, 0.95, 7, "simulated")
    tables = compare_all(release, _within(release, definitions), ledger, own, rules)
    restricted = {
        **tables, "comparability": ledger, "adjusted_countries": _country_effects(tables),
    }  # fmt: skip
    _publish(restricted, definitions, folder / "restricted", folder / "public")
    return Compared(release, restricted, definitions, own, folder / "public")


def tell(compared: Compared, folder: Path, templates: Path = TEMPLATES) -> Made:
    """Draw the figures of a comparison and write its page below ``folder``."""
    public = folder / "public"
    shutil.copytree(compared.tables, public / "comparison")
    config = build_config()
    for kind, names in TABLES_OF.items():
        draw_comparison_figures(
            kind=kind,
            countries=[row.model_dump(mode="json") for row in compared.countries.values()],
            tables=[str(public / "comparison" / f"{name}.csv") for name in names],
            groups=[],
            codebook=compared.definitions.model_dump(mode="json"),
            study=config.study.model_dump(mode="json"),
            confidence=0.95,
            folder=str(public / "figures" / "comparison"),
        )
    furnish(folder)
    write_regional_report(
        list(compared.countries.values()), config, compared.definitions, public=public,
        templates=templates, folder=folder / "regional",
    )  # fmt: skip
    names, _ = compose_regional(
        list(compared.countries.values()), config, compared.definitions,
        build_english(config.study.areas), read_regional(public, PUBLICATION.disclosure.coded),
        Evidence(), {}, References(),
    )  # fmt: skip
    book = fill_template(templates, "databook/region.qmd.j2", names | {"title": "Data book"})
    return Made(
        compared.release,
        compared.restricted,
        public,
        folder / "regional" / "en",
        remove_addresses(book),
    )


def build_config() -> Configuration:
    """Return the configuration of such a study."""
    return Configuration.model_validate(
        {
            "study": {
                "id": "small", "title": "A small study", "date": "2026-11-24", "simulated": True,
                "organisations": ["Nobody"], "population": "internet-using children aged 12-17",
                "respondents": "children", "survey": "household survey",
                "areas": "countries", "template": "survey",
            },
            "countries": "countries.csv", "codebook": "indicators.yaml", "mapping": "mapping.yaml",
            "weighting": {"source": "column"},
            "comparison": COMPARISON.model_dump(mode="json"),
            "publication": PUBLICATION.model_dump(mode="json"),
            "report": {"formats": ["html"], "renderer": "embedded"},
        }
    )  # fmt: skip


def _release(counts: Counts, averages: Mapping[str, tuple[float, float]] | None) -> pd.DataFrame:
    parts = [
        from_counts(_cells(indicator, n, yes), code).assign(
            **({} if n else {"reliability": "not_asked", "reason": "not_asked"})
        )
        for indicator, by_country in counts.items()
        for code, (n, yes) in by_country.items()
    ]
    decided = [released(pd.concat(parts, ignore_index=True), PUBLICATION)] if parts else []
    if averages:
        decided.append(means(averages).assign(n_yes=np.nan, n=1000))
    return pd.concat(decided, ignore_index=True).sort_values("country", ignore_index=True)


def _unasked(counts: Counts) -> dict[str, list[str]]:
    """Return by country what its survey did not ask."""
    found: dict[str, list[str]] = {}
    for indicator, by_country in counts.items():
        for code, (n, _) in by_country.items():
            found.setdefault(code, []).extend([] if n else [indicator])
    return found


def _cells(indicator: str, n: int, yes: int) -> list[tuple[str, str, str, int, int]]:
    """Split a sample by sex and area; the first level has two fifths of the yes answers."""
    cells = [(indicator, "total", "all", n, yes)]
    for domain, levels in LEVELS.items():
        (first, share), (second, _) = levels.items()
        size, some = round(n * share), round(yes * 0.4)
        # All yes, or none, in every group where it is so in the country.
        some = size if yes == n else some
        cells += [
            (indicator, domain, first, size, some),
            (indicator, domain, second, n - size, yes - some),
        ]
    return cells


def _within(release: pd.DataFrame, definitions: Codebook) -> dict[str, pd.DataFrame]:
    proportions = {e.id for e in definitions.indicators if e.statistic == "proportion"}
    shares = release[release["indicator"].isin(proportions)]
    found = {
        "gaps": _gaps(shares),
        "standardised": _standardised(release[release["domain"] == "total"]),
        "bounds": _bounds(shares[shares["domain"] == "total"]),
        "ratios": _ratios(shares),
        "slopes": _slopes(shares[shares["domain"] == "total"]),
    }
    return {name: _checked(found[name], name) for name in WITHIN}


def _gaps(cells: pd.DataFrame) -> pd.DataFrame:
    made = []
    for (country, indicator, domain), own in cells.groupby(["country", "indicator", "domain"]):
        if domain not in GAPS:
            continue
        for (_, b), (_, a) in combinations(own.iterrows(), 2):
            se = float(np.hypot(a["se"], b["se"]))
            positive = a["estimate"] > 0 and b["estimate"] > 0
            relative = (
                np.hypot(a["se"] / a["estimate"], b["se"] / b["estimate"]) if positive else np.nan
            )
            difference = a["estimate"] - b["estimate"]
            made.append(
                {"country": country, "indicator": indicator, "domain": domain,
                 "level_a": a["level"], "level_b": b["level"], "n_a": a["n"], "n_b": b["n"],
                 "estimate_a": a["estimate"], "estimate_b": b["estimate"],
                 "difference": difference, "se": se, "df": 60.0,
                 "ci_low": difference - 2 * se if se > 0 else np.nan,
                 "ci_high": difference + 2 * se if se > 0 else np.nan,
                 "log_ratio": np.log(a["estimate"] / b["estimate"]) if positive else np.nan,
                 "log_ratio_se": relative}
            )  # fmt: skip
    return pd.DataFrame(made)


def _standardised(national: pd.DataFrame) -> pd.DataFrame:
    return national.assign(
        crude=national["estimate"], deff=1.0, n_eff=national["n"].astype(float), reason="", note=""
    )


def _bounds(national: pd.DataFrame) -> pd.DataFrame:
    valid, p = 0.98, national["estimate"]
    lower, upper = valid * p, valid * p + 1 - valid
    low, high = (lower - 0.01).clip(0, 1), (upper + 0.01).clip(0, 1)
    return national.assign(
        n_asked=national["n"] + 20, n_valid=national["n"], valid_share=valid, lower=lower,
        upper=upper, lower_ci_low=low, upper_ci_high=high, ci_low=low, ci_high=high,
    )  # fmt: skip


def _ratios(shares: pd.DataFrame) -> pd.DataFrame:
    cells = shares.set_index(["country", "indicator", "domain", "level"])
    made = []
    for country, indicator in dict.fromkeys(
        zip(shares["country"], shares["indicator"], strict=True)
    ):
        boy, girl = (cells.loc[(country, indicator, "sex", level)] for level in ("boy", "girl"))
        known = boy["n_yes"] >= 10 and girl["n_yes"] >= 10
        ratio = girl["estimate"] / boy["estimate"] if known else np.nan
        made.append(
            {"country": country, "indicator": indicator, "term": "sex", "level": "girl",
             "reference": "boy", "n": girl["n"], "n_yes": int(girl["n_yes"]), "ratio": ratio,
             "log_ratio_se": 0.1 if known else np.nan, "df": 60.0, "ci_low": 0.8 * ratio,
             "ci_high": 1.25 * ratio, "p_value": 0.02 if known else np.nan, "crude_ratio": ratio,
             "crude_low": 0.8 * ratio, "crude_high": 1.25 * ratio, "margin_ratio": ratio,
             "note": "" if known else "fewer than 10 yes answers in a group compared"}
        )  # fmt: skip
    return pd.DataFrame(made)


def _slopes(national: pd.DataFrame) -> pd.DataFrame:
    """What goes with the first share: the second one, in each country with both."""
    names = [*dict.fromkeys(national["indicator"])]
    made = [
        {"country": country, "indicator": outcome, "characteristic": characteristic, "n": 200,
         "log_ratio": 0.8 + 0.05 * number, "log_ratio_se": 0.2, "df": 40.0, "note": ""}
        for outcome, characteristic in pairwise(names)
        for number, country in enumerate(dict.fromkeys(national["country"]))
    ]  # fmt: skip
    return pd.DataFrame(made)


def _country_effects(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Effects of the countries compared: those of the table of standardised estimates."""
    shown = tables["standardised"].dropna(subset=["estimate"])
    shown = shown[(shown["crude"] > 0) & shown["indicator"].ne("hours")]
    centre = shown.groupby("indicator")["crude"].transform(lambda p: np.exp(np.log(p).mean()))
    ratio = shown["crude"] / centre
    made = shown.assign(
        ratio=ratio, crude_ratio=ratio, log_ratio_se=0.1, df=60.0, ci_low=0.8 * ratio,
        ci_high=1.25 * ratio,
        p_value=0.02, p_holm=0.08, step_alpha=0.0125, clear=False, note="",
    )  # fmt: skip
    rule = restricted_contract("comparison/adjusted_countries")
    return check_table(_typed(made, rule), rule, "country effects")


def _checked(table: pd.DataFrame, name: str) -> pd.DataFrame:
    contract = restricted_contract(f"contrasts/{name}")
    return check_table(_typed(table, contract), contract, name)


def _typed(table: pd.DataFrame, contract: Any) -> pd.DataFrame:
    return in_shape(table.reindex(columns=list(contract.columns)).reset_index(drop=True), contract)


def _publish(
    tables: Mapping[str, pd.DataFrame], definitions: Codebook, restricted: Path, public: Path
) -> None:
    for name in TABLES:
        contract = restricted_contract(f"comparison/{name}")
        write_table(str(restricted / f"{name}.parquet"), tables[name], contract, True)
    publish_comparison(
        tables={name: str(restricted / f"{name}.parquet") for name in TABLES},
        codebook=definitions.model_dump(mode="json"),
        publication=PUBLICATION.model_dump(mode="json"),
        simulated=True,
        outputs={name: str(public / f"{name}.csv") for name in TABLES},
    )
    for name in TABLES:
        read_table(str(public / f"{name}.csv"), public_contract(f"comparison/{name}"))
