"""Triangulation: figures of each strand of evidence on each form of abuse, and what it cannot show.

Strands are shown beside each other and never added, averaged or divided by each other: children in
a survey, victims whom the police recorded, reports of companies and answers of workers are
different units.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.columns import ALL
from disrupting_harm.evidence.fact_status import INCOMPLETE, REPORTED, ZERO
from disrupting_harm.evidence.forms_of_abuse import Form, Forms, PoliceRecords, WorkersAnswer
from disrupting_harm.evidence.measures.offences import total_offences
from disrupting_harm.evidence.shared_columns import BANDS
from disrupting_harm.study.statuses import NOT_ASKED, SHOWN_STATUSES, data_kind

COLUMNS = [
    "country", "form", "form_label", "strand", "figure", "unit", "base", "year", "amount",
    "ci_low", "ci_high", "n", "band", "status", "says", "cannot_say", "source", "data_kind",
    "pairing_reason", "survey_ages", "other_ages",
]  # fmt: skip
SAYS = {
    "survey": "How many internet-using children said that it happened to them in the past year, "
    "with the uncertainty of a sample.",
    "police": "What reached law enforcement and was recorded under its own rules.",
    "cybertips": "Reports that companies made about users located in the country.",
    "frontline": "What the workers who were asked know from their work.",
}
CANNOT_SAY = {
    "survey": "Not what children did not want to tell, nor what happened to children who do not "
    "use the internet or are younger.",
    "police": "Not how many children were subjected to it: what nobody reported is not in "
    "them, and records follow the law and how it is applied.",
    "cybertips": "Not how many children were subjected to it, nor where they live: a report may "
    "concern several children or none.",
    "frontline": "Not how often it happens: the workers were not drawn at random.",
}
NONE_RECORDED = "The records hold none. That does not mean that none happened."
NOT_TOLD_APART = "Nothing: this source does not tell this form apart from others."
NO_FIGURE = "Nothing: this study has no such figure for the country."
UNASKED = "Nothing: the survey did not ask about this form."
NO_NUMBER = "There is no number that could be shown."
# The figure in words where there is none.
NO_NUMBER_TEXTS = {
    "not_recorded": "not recorded",
    "refused": "not given",
    "not_applicable": "does not apply",
    "suppressed": "not shown",
    INCOMPLETE: "not complete",
}
SURVEY = "Household survey of this study"
_NUMBERS = {
    "year": "Int64",
    "amount": "float64",
    "ci_low": "float64",
    "ci_high": "float64",
    "n": "Int64",
    "other_ages": "Int64",
}
_BAND = r"(\d+)-(\d+)"

TriangulationRow = dict[str, Any]


def triangulate(
    forms: Forms,
    tables: Mapping[str, pd.DataFrame],
    estimates: pd.DataFrame | None,
    countries: Sequence[Mapping[str, Any]],
    order: Sequence[str],
    population: str,
    simulated: bool,
) -> pd.DataFrame:
    """Return the table of triangulation.

    Args:
        forms: forms of abuse and what they are in each strand.
        tables: what may be published: ``offences``, counted ``frontline`` answers,
            and the public table ``cybertips``; each may be missing.
        estimates: the public estimates of the survey; None without a survey.
        countries: rows of the countries file.
        order: the sources, the preferred first.
        population: of whom the survey's estimates speak, as printed.
        simulated: whether the survey is.

    Returns:
        :data:`COLUMNS`: for each country, form and strand one row, or several where agencies,
        counting rules or classes of reports differ. Beside police records that stand with an
        indicator of the survey, ``pairing_reason`` says why, ``survey_ages`` whom the survey asked
        and ``other_ages`` how many victims of other ages are known to be among the records; it is
        empty where their ages are not known. ``figure`` is the text as printed in English,
        ``amount, ci_low, ci_high, n`` are its numbers; both are empty where there is none, and the
        status or the sentences say why. ``band`` is that of one answer of frontline workers.

    Raises:
        StudyError: a form names an indicator that the survey does not have.
    """
    police = {
        form.id: _total_recorded_offences(form.police, tables["offences"], order)
        for form in forms.forms
        if form.police and "offences" in tables
    }
    blank = {name: "" for name in COLUMNS if name not in _NUMBERS}
    rows: list[TriangulationRow] = []
    for country_row in sorted(countries, key=lambda row: str(row["country"])):
        country = country_row["country"]
        ages = (country_row.get("age_range") or "") if estimates is not None else ""
        for form in forms.forms:
            strands = {
                "survey": _list_survey_rows(form, country, estimates, population, simulated),
                "police": _list_police_rows(form, country, ages, police.get(form.id)),
                "cybertips": _list_cybertip_rows(form, country, tables.get("cybertips")),
                "frontline": _list_frontline_rows(form.frontline, country, tables.get("frontline")),
            }
            for strand, strand_rows in strands.items():
                told_apart = {
                    "survey": form.indicator,
                    "police": form.police,
                    "cybertips": form.cybertips,
                    "frontline": form.frontline,
                }[strand]
                key = {
                    "country": country,
                    "form": form.id,
                    "form_label": form.label,
                    "strand": strand,
                }
                printed_rows = list(strand_rows) or [_build_empty_row(bool(told_apart))]
                rows += [blank | key | _describe_strand(strand, row) | row for row in printed_rows]
    return pd.DataFrame(rows, columns=COLUMNS).astype({**_NUMBERS, **dict.fromkeys(blank, "str")})


def _describe_strand(strand: str, row: TriangulationRow) -> TriangulationRow:
    if row["status"] in ("", *NO_NUMBER_TEXTS) and not row.get("band"):
        says = NO_NUMBER
    elif row["status"] == ZERO:
        says = NONE_RECORDED
    else:
        says = SAYS[strand]
    return {"says": says, "cannot_say": CANNOT_SAY[strand]}


def _build_empty_row(told_apart: bool) -> TriangulationRow:
    return {"status": "", "says": NO_FIGURE if told_apart else NOT_TOLD_APART}


def _list_survey_rows(
    form: Form, country: str, estimates: pd.DataFrame | None, population: str, simulated: bool
) -> Iterator[TriangulationRow]:
    if form.indicator is None or estimates is None:
        return
    of_indicator = estimates[estimates["indicator"] == form.indicator]
    if of_indicator.empty:
        raise StudyError(
            f"file of forms, form '{form.id}', key 'indicator'",
            f"the survey has no indicator '{form.indicator}'",
            "Name an indicator of the codebook",
        )
    national = (of_indicator["country"] == country) & (of_indicator["domain"] == "total")
    for cell in of_indicator[national].to_dict("records"):
        if cell["status"] == NOT_ASKED:
            yield {"status": "", "says": UNASKED}
            continue
        is_shown = cell["status"] in SHOWN_STATUSES and pd.notna(cell["estimate"])
        limits = {name: 100 * cell[name] for name in ("ci_low", "ci_high")} if is_shown else {}
        yield {
            "figure": _format_percent(str(cell["shown"]), limits),
            "unit": "per cent",
            "base": population,
            "amount": 100 * cell["estimate"] if is_shown else None,
            **limits,
            "n": cell["n"] if is_shown else None,
            "status": REPORTED if is_shown or str(cell["shown"])[:1] in "<>" else "suppressed",
            "source": SURVEY,
            "data_kind": data_kind(simulated),
        }


def _format_percent(printed_share: str, limits: Mapping[str, float]) -> str:
    if not limits:
        return printed_share if printed_share[:1] in ("<", ">") else NO_NUMBER_TEXTS["suppressed"]
    digits = len(printed_share.partition(".")[2])
    low, high = (f"{limits[name]:.{digits}f}" for name in ("ci_low", "ci_high"))
    return f"{printed_share} ({low}–{high})"


def _total_recorded_offences(
    form: PoliceRecords, offences: pd.DataFrame, order: Sequence[str]
) -> pd.DataFrame:
    """Return totals of the offences of a form that were reported, each in its last year."""
    is_of_form = offences["technology"].isin(form.technology) & (offences["stage"] == "reported")
    if form.categories:
        is_of_form &= offences["category"].isin(form.categories)
    if form.offence_codes:
        is_of_form &= offences["offence_code"].isin(form.offence_codes)
    facts_of_form = offences[is_of_form]
    totals = total_offences(facts_of_form, order).sort_values("year", kind="stable")
    unit = ["country", "agency", "category", "technology", "counting_rule"]
    last = totals.drop_duplicates(unit, keep="last")
    by_age = [_select_age_rows(facts_of_form, row) for row in last.to_dict("records")]
    return last.assign(by_age=pd.Series(by_age, index=last.index, dtype=object))


def _select_age_rows(facts_of_form: pd.DataFrame, total: Mapping[Any, Any]) -> pd.DataFrame:
    """Return the rows by age that a total is made of, over both sexes; none where not told."""
    sources, codes = total["rule"]
    is_of_total = facts_of_form["source_id"].isin(sources) & facts_of_form["offence_code"].isin(
        codes
    )
    for name in ("country", "agency", "year", "category", "technology", "counting_rule"):
        is_of_total &= facts_of_form[name] == total[name]
    is_of_total &= (facts_of_form["victim_sex"] == ALL) & facts_of_form[
        "victim_age_band"
    ].str.fullmatch(_BAND)
    return facts_of_form.loc[is_of_total, ["victim_age_band", "offences"]]


def _count_other_ages(by_age: pd.DataFrame, ages: str) -> int | None:
    """Return how many victims were of no age that the survey asked; None where not known."""
    survey_band = re.fullmatch(_BAND, ages)
    counted_rows = by_age[by_age["offences"].notna()]
    if survey_band is None or counted_rows.empty:
        return None
    low, high = map(int, survey_band.groups())
    bands = counted_rows["victim_age_band"].str.extract(_BAND).astype(int)
    is_of_other_ages = (bands[0] < low) | (bands[1] > high)
    return int(counted_rows.loc[is_of_other_ages, "offences"].sum())


def _list_police_rows(
    form: Form, country: str, ages: str, totals: pd.DataFrame | None
) -> Iterator[TriangulationRow]:
    if totals is None:
        return
    reason = form.police.reason if form.police and form.indicator else ""
    for row in totals[totals["country"] == country].to_dict("records"):
        incomplete = row["status"] == INCOMPLETE
        amount = None if pd.isna(row["offences"]) else int(row["offences"])
        # Zeros beside parts without a number say nothing.
        has_number = amount is not None and not (incomplete and amount == 0)
        figure = f"{amount:,}" if has_number else NO_NUMBER_TEXTS[row["status"]]
        yield {
            "figure": f"at least {figure}" if incomplete and has_number else figure,
            "unit": row["counting_rule"],
            "base": row["agency"],
            "year": row["year"],
            "amount": amount if has_number else None,
            "status": row["status"],
            "source": row["source"],
            "data_kind": row["data_kind"],
            "pairing_reason": reason,
            "survey_ages": ages if form.indicator else "",
            "other_ages": _count_other_ages(row["by_age"], ages) if form.indicator else None,
        }


def _list_cybertip_rows(
    form: Form, country: str, cybertips: pd.DataFrame | None
) -> Iterator[TriangulationRow]:
    if not form.cybertips or cybertips is None:
        return
    reports_of_country = cybertips[cybertips["country"] == country]
    for row in reports_of_country[
        reports_of_country["year"] == reports_of_country["year"].max()
    ].to_dict("records"):
        has_number = pd.notna(row["reports"])
        yield {
            "figure": f"{int(row['reports']):,}" if has_number else NO_NUMBER_TEXTS[row["status"]],
            "unit": {"unsplit": "reports", "referral": "referrals"}.get(
                row["class"], "informational reports"
            ),
            "base": row["counted"],
            "year": row["year"],
            "amount": row["reports"] if has_number else None,
            "status": row["status"],
            "source": row["source"],
            "data_kind": row["data_kind"],
        }


def _list_frontline_rows(
    workers_answer: WorkersAnswer | None, country: str, answers: pd.DataFrame | None
) -> Iterator[TriangulationRow]:
    if workers_answer is None or answers is None:
        return
    rows_of_item = answers[
        (answers["country"] == country) & (answers["item"] == workers_answer.item)
    ]
    if rows_of_item.empty:
        return
    rows_of_answers = rows_of_item[rows_of_item["answer"].isin(workers_answer.answers)]
    # An answer that nobody gave has no row.
    count = int(rows_of_answers["count"].sum()) if rows_of_answers["count"].notna().all() else None
    n = rows_of_item["n"].iloc[0]
    has_number = count is not None and pd.notna(n)
    # Of a sum of several answers the band does not follow from theirs.
    band = rows_of_answers["band"].iloc[0] if len(rows_of_answers) == 1 and pd.notna(n) else ""
    printed_count = str(count) if has_number else BANDS.get(band)
    yield {
        "figure": f"{printed_count} of {int(n)}"
        if printed_count
        else NO_NUMBER_TEXTS["suppressed"],
        "unit": "frontline workers",
        "base": workers_answer.statement,
        "amount": count if has_number else None,
        "n": int(n) if pd.notna(n) else None,
        "band": band,
        "status": "suppressed" if not has_number else REPORTED if count else ZERO,
        "source": rows_of_item["source"].iloc[0],
        "data_kind": rows_of_item["data_kind"].iloc[0],
    }
