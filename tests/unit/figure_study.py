"""A small codebook and public tables for the tests of the figures."""

import pandas as pd
from evidence_results import rows
from printed_bounds import bounds_of
from whole_per_cents_by_hand import table_with_wholes

from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.language.translator import Translator, build_english
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.study.codebook.codebook import Codebook

GROUPS = {"sex": ["boy", "girl"], "area": ["urban", "rural"], "region": ["north", "south"]}


def indicator(name: str, module: str, **more: object) -> dict[str, object]:
    defined = {"id": name, "module": module, "label": f"Label of {name}", "recall": "past_year"}
    if "any_of" not in more:
        defined["numerator"] = [{"item": "answer", "among": ["yes"]}]
    return defined | more


CODEBOOK = Codebook.model_validate(
    {
        "items": [
            {"id": "answer", "type": "yes_no"},
            {
                "id": "sex",
                "type": "choice",
                "values": ["girl", "boy"],
                "value_labels": {"boy": "Boys", "girl": "Girls"},
            },
            {"id": "area", "type": "choice", "values": ["urban", "rural"]},
            {"id": "region", "type": "choice", "values": ["north", "south"]},
        ],
        "domains": [
            {"id": "total", "label": "All children"},
            {"id": "sex", "label": "Sex", "item": "sex"},
            {"id": "area", "label": "Area", "item": "area"},
            {"id": "sex_area", "label": "Sex and area", "cross": ["sex", "area"]},
            {"id": "region", "label": "Region", "item": "region"},
        ],
        "modules": [{"id": "online", "label": "Online"}, {"id": "harm", "label": "Experiences"}],
        "series": [
            {"id": "report_composite", "label": "Clear examples"},
            {"id": "wider_composite", "label": "Any form"},
        ],
        "indicators": [
            indicator("plays", "online", short="Plays"),
            indicator("learns", "online", short="Learns", headline=True),
            indicator("asked", "harm"),
            indicator("threatened", "harm"),
            indicator(
                "clear",
                "harm",
                any_of=["asked"],
                series="report_composite",
                headline=True,
                silence=True,
            ),
            indicator("clear_two", "harm", any_of=["asked"], series="report_composite"),
            indicator("wide", "harm", any_of=["asked", "threatened"], series="wider_composite"),
        ],
    }
)
INDICATORS = [entry.id for entry in CODEBOOK.indicators]
POPULATION, SURVEY = "internet-using children aged 12-17", "household survey"


def setting(
    place: str, translator: Translator[str] | None = None, simulated: bool = True
) -> FigureContext:
    """What the texts of the figures need, with 95 per cent intervals."""
    return FigureContext(
        translator or build_english("countries", "children"),
        place,
        simulated,
        0.95,
        POPULATION,
        SURVEY,
    )


def cell(
    name: str, domain: str = "total", level: str = "all", shown: str = "20.1", **more: object
) -> dict[str, object]:
    """One row of a public table: shown with an interval of two points either side, or hidden."""
    row: dict[str, object] = {
        "country": "KEN",
        "indicator": name,
        "domain": domain,
        "level": level,
        "shown": shown,
        "status": "present",
        "reason": "",
    }
    if shown in ("*", "c") or shown[0] in "<>":
        status = "suppress_reliability" if shown == "*" else "suppress_disclosure"
        return row | {"status": status, "interval": "", **bounds_of(shown)} | more
    estimate = round(float(shown) / 100, 4)
    numbers = {
        "n": 987,
        "population": 5000,
        "estimate": estimate,
        "ci_low": max(round(estimate - 0.02, 4), 0.0),
        "ci_high": round(estimate + 0.02, 4),
        "interval": "korn_graubard",
    }
    return row | numbers | more


def estimates(changes: dict[tuple[str, str], str] | None = None) -> pd.DataFrame:
    """A public table of all indicators and groups; ``changes`` sets ``shown`` by cell."""
    changes = changes or {}
    cells = []
    for name in INDICATORS:
        levels = [("total", "all"), *((d, lev) for d, levs in GROUPS.items() for lev in levs)]
        for domain, level in levels:
            cells.append(cell(name, domain, level, changes.get((name, level), "20.1")))
    return table(cells)


def table(cells: list[dict[str, object]]) -> pd.DataFrame:
    frame = pd.DataFrame(cells)
    for column in ("n", "population", "estimate", "ci_low", "ci_high", "bound_low", "bound_high"):
        if column not in frame:
            frame[column] = None
        frame[column] = frame[column].astype("Float64").astype(float)
    frame[["n", "population"]] = frame[["n", "population"]].astype("Int64")
    return table_with_wholes(frame)


def reports(**more: object) -> Evidence:
    """CyberTip reports of one country, counted differently in the last year."""
    columns = {
        "year": [2022, 2023, 2024],
        "reports": [21745, 46030, 20695],
        "class": ["unsplit", "unsplit", "referral"],
        "series_break": ["False", "False", "True"],
    } | more
    facts = pd.DataFrame(columns).to_dict("records")
    return Evidence(rows({"cybertips": facts}, country="KEN"))
