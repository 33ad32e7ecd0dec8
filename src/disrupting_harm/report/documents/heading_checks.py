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
from disrupting_harm.report.findings.actions import Action
from disrupting_harm.report.findings.definition import PLAIN, Finding, Findings
from disrupting_harm.report.findings.evidence.capacity import find_claims_of_capacity
from disrupting_harm.report.findings.gaps import WIDER, find_gap_row
from disrupting_harm.report.findings.headings import (
    COLUMNS,
    Claim,
    ClaimValues,
    find_claims_of_gap,
    find_claims_of_share,
    read_gap_points,
)
from disrupting_harm.report.findings.key_figures import (
    find_claims_of_contacts,
    find_claims_of_offences,
    find_claims_of_policy,
    find_claims_of_reports,
)
from disrupting_harm.report.language.markdown import remove_addresses
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.report.reading.evidence_rows import Evidence

HEADINGS = "headings.csv"
_UNESCAPED = re.compile(r"\\([\\`*_\[\]<>#|@$^~{}&:])")
_HEADING = re.compile(r"^:{4,} \{\.finding\}\n+### (.*?)(?: \{#.*\})?$", re.MULTILINE)
_BORNE_BY_TABLE: Mapping[str, Callable[[Evidence], ClaimValues]] = {
    "offences": lambda evidence: find_claims_of_offences(evidence.rows("offence_rates")),
    "cybertips": lambda evidence: find_claims_of_reports(evidence.rows("cybertips")),
    "hotlines": lambda evidence: find_claims_of_contacts(evidence.rows("hotlines")),
    "capacity": lambda evidence: find_claims_of_capacity(evidence.rows("capacity")),
    "policy": lambda evidence: find_claims_of_policy(evidence.rows("policy")),
}


def find_borne_claims(finding: Finding, results: Results) -> ClaimValues:
    """Return the claims that the public numbers of a finding bear."""
    if finding.evidence:
        find_borne = _BORNE_BY_TABLE.get(finding.evidence)
        return find_borne(results.evidence) if find_borne else {}
    if finding.gap:
        return find_claims_of_gap(read_gap_points(find_gap_row(results, finding.gap)))
    return find_claims_of_share(results.cell(str(finding.indicator)), results.coded)


def refuse_unborne(
    document_text: str, claims: Sequence[Claim], findings: Findings, results: Results, document: str
) -> None:
    """Stop where a heading of a finding claims what no public number bears.

    Args:
        document_text: the document as filled.
        claims: of its headings.
        findings: of the study.
        results: the public results, read anew.
        document: name of the document for the error.

    Raises:
        StudyError: naming the heading, its rule and the address of its numbers.
    """
    findings_by_id = {finding.id: finding for finding in findings.all}
    broader_gaps = {
        f"{finding.id}{WIDER}": finding.wider_gap for finding in findings.all if finding.wider_gap
    }
    for claim in claims:
        if claim.rule == PLAIN:
            continue
        if gap := broader_gaps.get(claim.id):
            borne = find_claims_of_gap(read_gap_points(find_gap_row(results, gap)))
        else:
            borne = find_borne_claims(findings_by_id[claim.id], results)
        if borne.get(claim.rule) != claim.values:
            raise StudyError(
                f"{document}, heading '{remove_addresses(claim.heading)}'",
                f"the numbers at {claim.address} do not bear it (rule '{claim.rule}')",
                "Run the stage 'report' again, or give the finding a heading that they bear",
            )
    known_headings = {remove_addresses(claim.heading) for claim in claims}
    for heading in _HEADING.findall(remove_addresses(document_text)):
        if heading not in known_headings:
            raise StudyError(
                f"{document}, heading '{heading}'",
                "it stands over a finding, and no number is known for it",
                "Let the file of findings write the headings of findings",
            )


def format_action_row(action: Action, document: str, language: str) -> dict[str, str]:
    """Return the line of the table of headings on an action, whose condition is met."""
    rule = f"action, {action.limits}" if action.limits else "action"
    cells = (action.title, rule, ", ".join(action.rows), remove_addresses(action.here), "borne")
    return dict(zip(COLUMNS, (document, language, *cells), strict=True))


def write_headings(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write the table of headings: what each claims, and which numbers bear it, as plain text."""
    plain = [{name: _UNESCAPED.sub(r"\1", cell) for name, cell in row.items()} for row in rows]
    write_csv(path, pd.DataFrame(plain, columns=list(COLUMNS)))
