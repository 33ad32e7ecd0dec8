"""Every heading of a finding is held against the public tables once more, before it goes out.

The tables are read anew, and the document as it was filled: a template, a translation or an edit by
hand cannot put in a claim that no number bears.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_csv
from disrupting_harm.report.findings.advice import Advice
from disrupting_harm.report.findings.definition import PLAIN, Finding, Findings
from disrupting_harm.report.findings.gaps import WIDER, gap_row
from disrupting_harm.report.findings.headings import (
    COLUMNS,
    Borne,
    Claim,
    borne_by_gap,
    borne_by_share,
    points,
)
from disrupting_harm.report.findings.key_figures import (
    borne_by_contacts,
    borne_by_offences,
    borne_by_policy,
    borne_by_reports,
    borne_by_workers,
)
from disrupting_harm.report.language.markdown import without_addresses
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.report.reading.evidence_rows import Evidence

HEADINGS = "headings.csv"
_UNESCAPED = re.compile(r"\\([\\`*_\[\]<>#|@$^~{}&:])")
_HEADING = re.compile(r"^:{4,} \{\.finding\}\n+### (.*?)(?: \{#.*\})?$", re.MULTILINE)
_BORNE: Mapping[str, Callable[[Evidence, Finding], Borne]] = {
    "offences": lambda found, _: borne_by_offences(found.rows("offence_rates")),
    "cybertips": lambda found, _: borne_by_reports(found.rows("cybertips")),
    "hotlines": lambda found, _: borne_by_contacts(found.rows("hotlines")),
    "frontline": lambda found, entry: borne_by_workers(found.rows("frontline"), entry.item),
    "policy": lambda found, _: borne_by_policy(found.rows("policy")),
}


def borne_by(entry: Finding, results: Results) -> Borne:
    """Return the claims that the public numbers of a finding bear."""
    if entry.evidence:
        bears = _BORNE.get(entry.evidence)
        return bears(results.evidence, entry) if bears else {}
    if entry.gap:
        return borne_by_gap(points(gap_row(results, entry.gap)))
    return borne_by_share(results.cell(str(entry.indicator)), results.coded)


def refuse_unborne(
    text: str, claims: Sequence[Claim], findings: Findings, results: Results, where: str
) -> None:
    """Stop where a heading of a finding claims what no public number bears.

    Args:
        text: the document as filled.
        claims: of its headings.
        findings: of the study.
        results: the public results, read anew.
        where: name of the document for the error.

    Raises:
        StudyError: naming the heading, its rule and the address of its numbers.
    """
    entries = {entry.id: entry for entry in findings.all}
    wider = {f"{entry.id}{WIDER}": entry.wider_gap for entry in findings.all if entry.wider_gap}
    for claim in claims:
        if claim.rule == PLAIN:
            continue
        if gap := wider.get(claim.id):
            borne = borne_by_gap(points(gap_row(results, gap)))
        else:
            borne = borne_by(entries[claim.id], results)
        if borne.get(claim.rule) != claim.values:
            raise StudyError(
                f"{where}, heading '{without_addresses(claim.heading)}'",
                f"the numbers at {claim.address} do not bear it (rule '{claim.rule}')",
                "Run the stage 'report' again, or give the finding a heading that they bear",
            )
    known = {without_addresses(claim.heading) for claim in claims}
    for heading in _HEADING.findall(without_addresses(text)):
        if heading not in known:
            raise StudyError(
                f"{where}, heading '{heading}'",
                "it stands over a finding, and no number is known for it",
                "Let the file of findings write the headings of findings",
            )


def recommendation_row(entry: Advice, document: str, language: str) -> dict[str, str]:
    """Return the line of the table of headings on a recommendation, whose condition is met."""
    finding = without_addresses(entry.finding)
    rule = f"recommendation, {entry.limits}" if entry.limits else "recommendation"
    said = (entry.text, rule, ", ".join(entry.rows), finding, "borne")
    return dict(zip(COLUMNS, (document, language, *said), strict=True))


def write_headings(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write the table of headings: what each claims, and which numbers bear it, as plain text."""
    plain = [{name: _UNESCAPED.sub(r"\1", cell) for name, cell in row.items()} for row in rows]
    write_csv(path, pd.DataFrame(plain, columns=list(COLUMNS)))
