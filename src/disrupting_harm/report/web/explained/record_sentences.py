"""Rows of evidence in sentences: who counted what and when, how it was added, what a gap means."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from disrupting_harm.evidence.fact_status import INCOMPLETE, SUPPRESSED, ZERO
from disrupting_harm.evidence.shared_columns import SIMULATOR
from disrupting_harm.evidence.sources import SIMULATED
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.provenance.primary_keys import EVIDENCE_KEYS
from disrupting_harm.report.findings.evidence.helpline import describe_age
from disrupting_harm.report.language.translator import build_english
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.web.explained.row_sentences import RowText

Row = Mapping[str, str]

# Columns of a table that its page leaves out: a number that nobody confirmed might be called, and
# the grade of its source says nothing of today.
NOT_PRINTED: Mapping[str, Sequence[str]] = {"service_register": ("contact", "confidence")}
# The column of a table's number, and what it counts: words, or "{column}" that has them.
_NUMBERS = {
    "cybertips": ("reports", "reports"),
    "cybertip_parts": ("reports", "reports"),
    "reporters": ("reports", "reports"),
    "transparency": ("amount", "{metric}"),
    "several_sources": ("figure", "reports"),
    "offences": ("offences", "{counting_rule}"),
    "offence_rates": ("offences", "{counting_rule}"),
    "hotlines": ("contacts", "{measure}"),
    "search_interest": ("index_value", "on the index of searches"),
    "frontline": ("count", "of {n} answers"),
    "justice": ("mentioned", "of {interviews} interviews"),
    "capacity": ("score", "of 3"),
    "capacity_profile": ("score_mean", "of 3"),
    "known_studies": ("estimate", "per cent"),
}
# Words of a row that says no number, by its table.
_ANSWERS = {
    "policy": "answer", "legislation": "answer", "legislation_claims": "answer",
    "instruments": "status", "policies": "status", "service_register": "kind",
    "triangulation": "figure",
}  # fmt: skip
# Of the key, what a name goes without: the page says it, or it stands with the number.
_NOT_IN_NAMES = ("country", "source_id", "counting_rule", "age_from", "age_to", "unit", "base")
_RESULTS = {
    "capacity_needs": "rank {rank_low} to {rank_high}",
    "policy_areas": "{in_place} of {items} in place",
    "law_coverage": "known of {known} of {countries} countries",
}
_NO_NUMBER = {
    "not_recorded": "not recorded",
    "refused": "not given",
    "not_applicable": "does not apply",
    SUPPRESSED: "hidden",
}
_GAPS = {
    ZERO: "The 0 was counted: it is no gap in the records.",
    INCOMPLETE: "It is the least that is known, as a part of the sum has no number.",
    "not_recorded": "Nobody records it: the gap is not a 0.",
    "refused": "It was asked for and not given: the gap is not a 0.",
    "not_applicable": "The source marks it as not applicable here.",
    SUPPRESSED: "It was counted, and is hidden, as few could be recognised.",
}
_BREAK = (
    "The series breaks here: from this year on it is counted in another way, so that no change "
    "from the year before is given."
)
_NOTHING_BEFORE = (
    "No change is given: of the year before there is no number above 0, counted in the same way."
)
# What became of the cases, victims or offenders that the police counted.
_STAGES = {
    "reported": "",
    "investigated": " that were investigated",
    "charged": " in which charges were brought",
    "convicted": " that led to a conviction",
}


def describe_records(table: str, rows: Mapping[str, Row]) -> dict[str, RowText]:
    """Return what rows of a public table of evidence say, and how their numbers came about."""
    series_columns = [column for column in EVIDENCE_KEYS[table] if column != "year"]
    first_years: dict[tuple[str, ...], str] = {}
    for row in rows.values():
        series = tuple(row[column] for column in series_columns)
        year = row.get("year", "")
        first_years[series] = min(year, first_years.get(series, year))
    texts = {
        address: _describe_record(
            table,
            row,
            row.get("year") == first_years[tuple(row[column] for column in series_columns)],
        )
        for address, row in rows.items()
    }
    # Sources that say the same are told apart by their names.
    rows_of_title = Counter(text.title for text in texts.values())
    return {
        address: replace(text, title=f"{text.title} ({rows[address]['source']})")
        if rows_of_title[text.title] > 1 and rows[address].get("source")
        else text
        for address, text in texts.items()
    }


def _describe_record(table: str, row: Row, begins_series: bool) -> RowText:
    key_columns = [column for column in EVIDENCE_KEYS[table] if column not in _NOT_IN_NAMES]
    parts = dict.fromkeys(
        label for column in key_columns if (label := _find_label(table, row, column))
    )
    name, result = ", ".join(parts) or PUBLIC[table].title, _describe_result(table, row)
    return RowText(
        f"{name[0].upper()}{name[1:]}{f': {result}' if result else ''}",
        [("", " ".join(filter(None, _describe_origin(table, row, result, begins_series))))],
    )


def _find_label(table: str, row: Row, column: str) -> str:
    """Return what documents call a code; where they have no word, its own with blanks."""
    if named := row.get(f"{column}_label") or (column == "offence_code" and row["offence_label"]):
        return str(named)
    field = next(field for field in PUBLIC[table].fields if field.name == column)
    if row[column] in ("all", "year") and column != "item":
        return ""
    if column == "month":
        return f"month {row[column]}"
    return field.labels.get(row[column], row[column].replace("_", " "))


def _describe_result(table: str, row: Row) -> str:
    if table in _ANSWERS:
        return _find_label(table, row, _ANSWERS[table]) or _NO_NUMBER.get(row.get("status", ""), "")
    if table in _RESULTS:
        return _RESULTS[table].format_map(row)
    if table not in _NUMBERS:
        return ""
    column, unit = _NUMBERS[table]
    if not row[column]:
        if row.get("below"):
            return f"fewer than {row['below']} {unit}"
        if row.get("band"):
            return _find_label(table, row, "band")
        return _NO_NUMBER.get(row.get("status", ""), "no number")
    least = "at least " if row.get("status") == INCOMPLETE else ""
    words = unit.format_map({name: row[name].replace("_", " ") for name in row})
    if unit.startswith("{"):
        # Of companies and hotlines the measure stands in the name already.
        words = words if table.startswith("offence") else ""
    return f"{least}{_format_number(row[column])} {words}".rstrip()


def _format_number(text: str) -> str:
    number = Decimal(text)
    return f"{number:,.0f}" if number == number.to_integral_value() else f"{number:,}"


def _describe_origin(table: str, row: Row, result: str, begins_series: bool) -> Iterator[str]:
    """Yield sentences; an empty one says nothing."""
    if special := _SENTENCES.get(table):
        yield from special(row)
    elif "stage" in row:
        yield _describe_offences(table, row, result)
    elif "counted" in row:
        who = row.get("agency") or row.get("organisation") or row.get("counted_by") or ""
        who = "The simulation" if who == SIMULATOR else who
        when = f" for {row['year']}" if row.get("year") else ""
        counted = row["counted"].rstrip(".")
        yield f"{who} {_say_counted(row, result)}{when}: {counted}."
    if row.get("below"):
        yield f"The source tells only that there are fewer than {row['below']}."
    elif "band" not in row:
        yield _GAPS.get(row.get("status", ""), "")
    if row.get("offence_codes"):
        yield _describe_sum(row)
    if row.get("rate_per_1000_children"):
        yield (
            f"Per 1,000 children aged 12-17 that is {row['rate_per_1000_children']} (children: "
            f"{row['denominator_source']})."
        )
    if row.get("share_world_percent"):
        yield f"That is {row['share_world_percent']}% of the world's."
    if "series_break" in row and row.get("status") in ("reported", ZERO):
        yield _describe_change(row, begins_series)
    yield row.get("note", "")


def _describe_offences(table: str, row: Row, result: str) -> str:
    """Return what the police counted: whom or what, of which offences, and what became of them."""
    offences = row.get("offence_label") or _find_label(table, row, "category")
    technology = (
        _find_label(table, row, "technology") if row["technology"] != "not_recorded" else ""
    )
    sex, age = (
        _find_label(table, row, column) if column in row else ""
        for column in ("victim_sex", "victim_age_band")
    )
    persons = ", ".join(filter(None, (sex, f"aged {age}" if age[:1].isdigit() else age)))
    counted = result if _has_number(row) else f"no number of {row['counting_rule']}"
    parts = (
        f"{counted} ({persons.lower()})" if persons else counted,
        f"of {offences[0].lower()}{offences[1:]}",
        technology,
    )
    simulated = " (simulated)" if row["data_kind"] == SIMULATED else ""
    stage = _STAGES[row["stage"]]
    return f"{row['agency']}: {' '.join(filter(None, parts))}{stage} in {row['year']}{simulated}."


def _describe_sum(row: Row) -> str:
    """Return of how many kinds of offences a total is made."""
    codes, without = row["offence_codes"], row["codes_without_number"]
    if codes == "1":
        return ""
    rest = f", {without} of them without a number" if without != "0" else ""
    return f"{codes} kinds of offences are added{rest}."


def _say_counted(row: Row, result: str) -> str:
    if _has_number(row):
        return f"counted {result}"
    return "has no number that could be printed"


def _has_number(row: Row) -> bool:
    return row.get("status") in ("reported", ZERO, INCOMPLETE)


def _describe_change(row: Row, begins_series: bool) -> str:
    if row["series_break"] == "True":
        return _BREAK
    if not row["change_percent"]:
        return "The series begins here." if begins_series else _NOTHING_BEFORE
    change = Decimal(row["change_percent"])
    direction = "fewer" if change < 0 else "more"
    return f"That is {abs(change)}% {direction} than the year before, counted in the same way."


def _describe_ratios(row: Row) -> list[str]:
    times = row["ratio_low"]
    if row["changes"] != "1":
        times += f" to {row['ratio_high']}"
    middle = f", {row['ratio_median']} in the middle of {row['changes']} changes"
    return [
        f"From {row['first_year']} to {row['last_year']} a year's count was {times} times that of "
        f"the year before{middle if row['changes'] != '1' else ''}. That describes what was seen, "
        "and forecasts nothing."
    ]


def _describe_answers(row: Row) -> list[str]:
    asked = row.get("n") or row.get("interviews", "")
    many = "answers of frontline workers" if "n" in row else "interviews"
    count = row.get("count") or row.get("mentioned")
    if count:
        return [f"Of {asked} {many}, {count} are this."]
    if not asked:
        return [_GAPS.get(row["status"], "")]
    return [f"It is of {asked} {many}. The count is hidden, as it, or the rest of them, is few."]


def _describe_score(row: Row) -> list[str]:
    return [
        f"{row['agency']} as of {row['date']}, by {row['evidence'].replace('_', ' ')}; how sure: "
        f"{row['confidence']}. 0 means that it is not there, 3 that all of it is."
    ]


def _describe_mean_score(row: Row) -> list[str]:
    if not row["score_mean"]:
        return [f"None of its {row['items_total']} items was asked."]
    return [
        f"The mean over the {row['items_asked']} of {row['items_total']} items that were asked, "
        f"{row['items_absent']} of them with score 0. The gap is (3 − {row['score_mean']}) ÷ 3 = "
        f"{row['gap']}."
    ]


def _describe_rank(row: Row) -> list[str]:
    return [
        f"Whatever the distances between the scores from 0 to 3, its rank is {row['rank_low']} to "
        f"{row['rank_high']}. By its gap, {row['gap'] or 'not known'}, times its weight, "
        f"{row['weight']}, the rank is {row['weighted_rank'] or 'not known'}."
    ]


def _describe_areas(row: Row) -> list[str]:
    return [
        f"Of {row['items']} points {row['in_place']} are in place, {row['partly']} in part and "
        f"{row['not_in_place']} not; {row['not_known']} are not known, {row['not_applicable']} do "
        f"not apply and {row['without_answer']} have no answer."
    ]


def _describe_study(row: Row) -> list[str]:
    persons = f"{row['persons']} " if row["persons"] else ""
    limits = f" ({row['ci_low']}–{row['ci_high']})" if row["ci_low"] else ""
    return [
        f"{row['study']}, {row['year']}, ages {row['age_from']}-{row['age_to']}, of {persons}"
        f"{row['base']}: {row['estimate']}%{limits}. To be compared with this study: "
        f"{row['comparable']}. {row['reason']}"
    ]


def _describe_law(row: Row) -> list[str]:
    law = " ".join(filter(None, (row["instrument"], row["provision"])))
    others = row.get("other_answers", "")
    return [
        f"{law or 'The source names no law'}; {_say_date(row)}; how sure: {row['confidence']}. "
        f"Source: {row['source']}.",
        f"{others} of {row['claims']} sources say something else." if others > "0" else "",
        row["reason"],
    ]


def _describe_fact(row: Row) -> list[str]:
    """Return what is said of a treaty, a plan or a service, each as a source has it."""
    words = {
        "year": "year",
        "since": "since",
        "year_from": "from",
        "year_to": "to",
    }
    said = [f"{word} {row[name]}" for name, word in words.items() if row.get(name)]
    age = describe_age(build_english(), PublicRow(row)) if "contact" in row else ""
    said += [_say_date(row), f"how sure: {age.replace(': ', ', ') or row['confidence']}"]
    contact = "The source gives a number or an address. It is not printed, as nobody confirmed it."
    return [f"Source: {row['source']}; {'; '.join(said)}.", contact if row.get("contact") else ""]


def _say_date(row: Row) -> str:
    return "without a date" if row["as_of"] == "undated" else f"as of {row['as_of']}"


def _describe_index(row: Row) -> list[str]:
    """Return nothing where there is no number: what stands in its place says why."""
    simulated = " (simulated)" if row["data_kind"] == SIMULATED else ""
    if not row["index_value"]:
        return []
    value = _format_number(row["index_value"])
    return [f"Month {row['month']} of {row['year']}: {value} on an index of searches{simulated}."]


def _describe_contacts(row: Row) -> list[str]:
    measure = _find_label("hotlines", row, "measure")
    counted = _format_number(row["contacts"]) if row["contacts"] else "no number of"
    return [f"{row['organisation']}: {counted} {measure[0].lower()}{measure[1:]} in {row['year']}."]


def _describe_review(row: Row) -> list[str]:
    return [f"{row['counted'].rstrip('.')}, source: {row['source']}."]


def _describe_source(row: Row) -> list[str]:
    used = "It is the one that is used." if row["used"] == "True" else "Another one is used."
    return [
        f"{row['counted_by']} gives this for {row['year']}: {row['counted']}. {used}",
        row["difference_reason"],
    ]


_SENTENCES: Mapping[str, Callable[[Row], list[str]]] = {
    "cybertip_changes": _describe_ratios,
    "offence_changes": _describe_ratios,
    "hotlines": _describe_contacts,
    "search_interest": _describe_index,
    "frontline": _describe_answers,
    "justice": _describe_answers,
    "capacity": _describe_score,
    "capacity_profile": _describe_mean_score,
    "capacity_needs": _describe_rank,
    "policy": _describe_review,
    "policy_areas": _describe_areas,
    "known_studies": _describe_study,
    "legislation": _describe_law,
    "legislation_claims": _describe_law,
    "instruments": _describe_fact,
    "policies": _describe_fact,
    "service_register": _describe_fact,
    "several_sources": _describe_source,
    "law_coverage": lambda row: [f"Known of {row['known']} of {row['countries']} countries."],
    "triangulation": lambda row: [
        row["says"],
        row["cannot_say"],
        f"Source: {row['source']}." if row["source"] else "",
    ],
}
