"""CyberTip reports by year: what reached the police, which is not how many children were harmed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from disrupting_harm.errors import StudyError
from disrupting_harm.files import write_csv
from disrupting_harm.report.figures import alt_text, style
from disrupting_harm.report.figures.alt_text import Setting
from disrupting_harm.report.figures.columns import Column, column_chart

NAME = "cybertips"


def draw_cybertips(reports: pd.DataFrame, setting: Setting, folder: Path) -> dict[str, Any]:
    """Draw a country's reports by year and return its entry for ``figures.json``.

    Args:
        reports: rows of ``evidence/cybertips.csv`` of one country, one per year.
        setting: language and what the texts need.
        folder: where the files go.

    Raises:
        StudyError: if a year stands twice.
    """
    words = setting.words
    title = alt_text.title(setting, words("CyberTip reports by year"))
    entry = {"id": NAME, "kind": NAME, "module": "", "indicator": "", "title": title}
    ordered = reports.sort_values("year", kind="stable").reset_index(drop=True)
    _refuse_doubles(ordered)
    ordered["reports"] = pd.to_numeric(ordered["reports"]).astype("Int64")
    if ordered["reports"].isna().all():
        reason = words("There are no CyberTip reports for this country.")
        return entry | {"caption": "", "alt": "", "absent": reason}
    columns = _columns(ordered, setting)
    measure = words("Number of reports concerning users in the country")
    breaks = [column.label for column in columns if column.breaks]
    notes = [
        words("Dashed line: reports are counted in another way from {year}.", year=year)
        for year in breaks
    ]
    figure = column_chart(columns, measure, notes, _stamp(ordered, setting))
    files = style.write_figure(figure, folder, NAME, title)
    write_csv(folder / f"{NAME}.csv", ordered)
    return entry | {
        "caption": _caption(ordered, breaks, title, setting),
        "alt": _alt(columns, breaks, title, setting),
        "files": files,
        "csv": f"{NAME}.csv",
    }


def _refuse_doubles(reports: pd.DataFrame) -> None:
    doubled = reports["year"].duplicated()
    if doubled.any():
        raise StudyError(
            "evidence/cybertips.csv, column 'year'",
            f"{reports.loc[doubled, 'year'].iloc[0]} stands twice for one country",
            "Keep one row per country and year",
        )


def _columns(reports: pd.DataFrame, setting: Setting) -> list[Column]:
    words = setting.words
    recounted = reports["counted"].ne(reports["counted"].shift()) & (reports.index > 0)
    return [
        Column(str(year), words.number(count), float(count), bool(breaks))
        if pd.notna(count)
        else Column(str(year), words("no figure"), None, bool(breaks))
        for year, count, breaks in zip(reports["year"], reports["reports"], recounted, strict=True)
    ]


def _stamp(reports: pd.DataFrame, setting: Setting) -> str:
    """Published counts stay published counts, also among simulated survey data."""
    if setting.simulated and set(reports["data_kind"]) == {"published"}:
        return setting.words("Published counts in a simulated study")
    return setting.stamp


def _caption(reports: pd.DataFrame, breaks: Sequence[str], heading: str, setting: Setting) -> str:
    words = setting.words
    sources = words.enumeration(
        [words(source) for source in sorted(set(reports["source"].dropna()) - {""})]
    )
    published = setting.simulated and set(reports["data_kind"]) == {"published"}
    return alt_text.join(
        [
            words("{caption}.", caption=heading),
            words(
                "Reports are not a measure of how many children were harmed: one report may "
                "concern several children or none, and most harm is never reported."
            ),
            *[
                words(
                    "From {year} reports are counted in another way, so that the years before "
                    "cannot be compared with it.",
                    year=year,
                )
                for year in breaks
            ],
            words("Source: {source}.", source=sources) if sources else "",
            words("The counts are published; the survey data of this study are simulated.")
            if published
            else words("The data are simulated.") * setting.simulated,
        ]
    )


def _alt(columns: Sequence[Column], breaks: Sequence[str], heading: str, setting: Setting) -> str:
    words = setting.words
    counts = words.enumeration(
        [words("{year}: {count}", year=column.label, count=column.shown) for column in columns]
    )
    return alt_text.join(
        [
            words("Column chart: {title}.", title=heading),
            words("{counts}.", counts=counts),
            *[
                words("From {year} reports are counted in another way.", year=year)
                for year in breaks
            ],
        ]
    )
