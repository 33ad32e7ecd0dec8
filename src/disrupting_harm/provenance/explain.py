"""How a published number was made, told from public files and the study's own definitions alone.

Of a hidden number it says why nothing is printed, in the words that are published, and nothing
else: not its n, not which rule hid it, not which other cell it could be worked out from.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from disrupting_harm.provenance.datapackage import meaning_of
from disrupting_harm.provenance.derived import COUNT, RULES, rule_of, value_of
from disrupting_harm.provenance.keys import ESTIMATES, key_of
from disrupting_harm.provenance.published import Place, Published
from disrupting_harm.publication.policies import POLICIES
from disrupting_harm.study.codebook import Codebook, Indicator
from disrupting_harm.study.statuses import HIDDEN_STATUSES, NOT_ASKED
from disrupting_harm.study.study import Study
from disrupting_harm.survey.tables.intervals import INTERVALS

# A line of an explanation: what it is about, and what it says.
Line = tuple[str, str]
# What is said of a number that is not printed.
HIDDEN = {
    "suppress_disclosure": "hidden, to protect respondents",
    "suppress_reliability": "hidden: it is too uncertain to be printed",
    NOT_ASKED: "the survey did not ask: there is no number, and nothing is hidden",
}
NOT_TOLD = "not told, as the number is hidden to protect respondents"
# Columns of evidence that say where a figure comes from.
_SOURCES = ("counted", "counted_by", "source", "source_id", "data_kind", "note")
# What the steps of weighting are called where a study has them.
_FROM = {
    "column": "weights of the file, as the survey's owners made them",
    "selection": "1 / probability of selection (PSU, household, child)",
}
_RECALL = {
    "none": "no reference period", "past_year": "the past year", "lifetime": "ever",
    "past_three_months": "the past three months", "last_time": "the last time it happened",
}  # fmt: skip
_PARTLY_MISSING = {
    "imputed": "a composite with open answers and no yes counts with the share of yes among those "
    "who gave the same other answers",
}


def explain(address: str, published: Published, study: Study) -> list[Line]:
    """Return what may be said to everyone of the number at an address.

    Args:
        address: of a cell, or of what a rule makes of cells.
        published: the public files of a run.
        study: its configuration and codebook.

    Raises:
        StudyError: if nothing published stands there.
    """
    found = rule_of(address)
    if found is not None:
        return [("number", address), *_derived(found[0], found[1], address, published)]
    place = published.find(address)
    lines = [("number", address)]
    if place.file.endswith(f"/{ESTIMATES}.csv"):
        lines += _of_survey(place, study)
    else:
        lines += _of_table(place)
    return [*lines, *_whence(place, published)]


def is_hidden(place: Place) -> bool:
    """Return whether the row of a cell says that its number is hidden."""
    return place.row.get("status") in HIDDEN_STATUSES


def _derived(name: str, inputs: Sequence[str], address: str, published: Published) -> list[Line]:
    value = value_of(address, published)
    says = "how many rows have these values" if name == COUNT else RULES[name].says
    told = "not told: a number that it is made of is hidden" if value is None else f"{value:g}"
    return [("value", told), ("rule", f"{name}: {says}"), *(("made of", one) for one in inputs)]


def _of_survey(place: Place, study: Study) -> list[Line]:
    row, codebook = place.row, study.codebook
    indicator = next(one for one in codebook.indicators if one.id == row["indicator"])
    value = [*_value(row, indicator, study)]
    return [
        *value,
        ("what it is", _sentence(row, indicator, study)),
        *_questions(indicator, codebook),
        ("missing", _missing(indicator)),
        *_how(row, indicator, study),
        *_verdict(row, study),
    ]


def _value(row: Mapping[str, str], indicator: Indicator, study: Study) -> list[Line]:
    unit = " per cent" if indicator.statistic == "proportion" else ""
    if row["estimate"]:
        factor = 100 if unit else 1
        digits = len(row["shown"].partition(".")[2])
        low, high = (f"{factor * float(row[name]):.{digits}f}" for name in ("ci_low", "ci_high"))
        level = f"{100 * study.config.estimation.confidence:g} per cent interval"
        return [("value", f"{row['shown']}{unit} ({level} {low} to {high}), n {row['n']}")]
    why = HIDDEN.get(row["status"], "there is no number")
    bound = f"; printed in its place: {row['shown']}{unit}" if row["bound_high"] else ""
    return [("value", f"{why}{bound}")]


def _sentence(row: Mapping[str, str], indicator: Indicator, study: Study) -> str:
    country = study.countries.get(row["country"])
    name = country.name if country else row["country"]
    base = indicator.base or study.config.study.population
    group = ""
    if row["domain"] != "total":
        domain = next(one for one in study.codebook.domains if one.id == row["domain"])
        group = f"; {domain.label}: {_level(row['level'], row['domain'], study.codebook)}"
    recall = _RECALL[indicator.recall]
    return f"{indicator.label}, of {base}, {name}{group}; {recall}"


def _level(level: str, name: str, codebook: Codebook) -> str:
    domain = next(one for one in codebook.domains if one.id == name)
    if domain.cross and level not in domain.levels_label:
        parts = zip(level.split("|"), domain.cross, strict=True)
        return ", ".join(_level(part, cross, codebook) for part, cross in parts)
    item = next((one for one in codebook.items if one.id == domain.item), None)
    labels = {**(item.value_labels if item else {}), **domain.levels_label}
    return labels.get(level, level)


def _questions(indicator: Indicator, codebook: Codebook) -> list[Line]:
    """Return the questions behind an indicator, and which answers count."""
    asked = {indicator.value, *(one.item for one in indicator.numerator)}
    unknown = "its wording is not in the codebook"
    lines = [
        ("question", f"{one.id}: {one.question or unknown}")
        for one in codebook.items
        if one.id in asked
    ]
    if indicator.any_of:
        lines.append(("made of", f"any yes to {', '.join(indicator.any_of)}"))
    if indicator.numerator:
        lines.append(("counts", " and ".join(map(str, indicator.numerator))))
    whom = " and ".join(map(str, indicator.universe)) or "all who were interviewed"
    return [*lines, ("asked of", whom)]


def _missing(indicator: Indicator) -> str:
    told = {"missing": "don't know is a missing answer", "no": "don't know counts as no"}
    parts = [told[indicator.dont_know], "other missing answers are left out"]
    if indicator.any_of:
        rule = indicator.partly_missing
        parts.append(_PARTLY_MISSING.get(rule, f"a composite with open answers: {rule}"))
    return "; ".join(parts)


def _how(row: Mapping[str, str], indicator: Indicator, study: Study) -> list[Line]:
    estimation = study.config.estimation
    own = indicator.weight
    steps = weighting_steps(study) if own is None else [f"weights of the subsample {own}"]
    errors = "with" if estimation.calibrated_errors else "without"
    lines = [
        ("weights", " -> ".join(steps)),
        (
            "estimator",
            f"weighted {indicator.statistic}; variance between PSUs within strata, by "
            f"linearisation, {errors} regard to the calibration",
        ),
    ]
    # Of a hidden number no interval is named: a table of means has another one.
    if row["estimate"] and row["interval"]:
        method = INTERVALS.get(row["interval"])
        label = method.label if method and method.label else row["interval"]
        level = f"{100 * estimation.confidence:g} per cent"
        lines.append(("interval", f"{label} ({row['interval']}), {level}"))
    return lines


def weighting_steps(study: Study) -> list[str]:
    """Return the steps by which weights come about, in words."""
    weighting = study.config.weighting
    steps = [_FROM[weighting.source]]
    if weighting.nonresponse:
        classes = " x ".join(weighting.nonresponse.classes)
        steps.append(f"adjusted for non-response ({weighting.nonresponse.method}: {classes})")
    if weighting.margins:
        steps.append(f"calibrated to {', '.join(weighting.margins)}")
    if weighting.trimming and weighting.trimming.method != "none":
        steps.append(f"trimmed ({weighting.trimming.method}) where they vary much")
    return steps


def _verdict(row: Mapping[str, str], study: Study) -> list[Line]:
    policy = POLICIES[study.config.publication.reliability]
    if row["status"] == "suppress_disclosure":
        return [("reliability", NOT_TOLD), ("disclosure", HIDDEN[row["status"]])]
    reasons = f" ({row['reason']})" if row["reason"] else ""
    lines = [("reliability", f"{policy.title}: {row['status']}{reasons}")]
    if row["estimate"]:
        lines.append(
            ("disclosure", "rests on enough answers, and is not to be worked out from other cells")
        )
    return lines


def _of_table(place: Place) -> list[Line]:
    row = place.row
    value = place.text or HIDDEN.get(row.get("status", ""), "empty")
    lines = [("value", value)]
    if row:
        key = key_of(place.file)
        lines += [
            ("what it is", meaning_of(place.file, place.column)),
            ("row", "; ".join(f"{name} {row[name]}" for name in key)),
            *((name, row[name]) for name in ("status", *_SOURCES) if row.get(name)),
        ]
    return lines


def _whence(place: Place, published: Published) -> list[Line]:
    """Return the file with its hash, and the code that made it."""
    manifest = published.manifest
    software = manifest["software"]
    line = f", line {place.line}" if place.line else ""
    file = f"{place.file}{line}, column {place.column}"
    if not place.file:
        file = f"the countries file, column {place.column}"
    digest = manifest["outputs"].get(f"public/{place.file}")
    lines = [("file", file)]
    if digest:
        lines.append(("SHA-256", digest))
    if inputs := _inputs(place, manifest):
        lines.append(("made from", ", ".join(inputs)))
    versions = f"disrupting-harm {software['disrupting-harm']}, Python {software['python']}"
    lines.append(("code", f"{versions}, numpy {software['numpy']}, pandas {software['pandas']}"))
    lines.append(("release", str(manifest["release"])))
    return lines


def _inputs(place: Place, manifest: Mapping[str, Any]) -> list[str]:
    """Return the names of the files of data behind a number; hashes of them could be guessed."""
    if not place.file:
        return [str(manifest["configuration"]["countries"])]
    if not place.file.startswith("countries/"):
        return []
    area = place.address.partition("/")[0]
    return [name for name in manifest["restricted_inputs"] if f"/{area}/" in name]
