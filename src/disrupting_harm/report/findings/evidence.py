"""Findings of evidence: what police, companies, services and law show, each in its own unit.

Their words stand in the library, because the tables they are made of are the same in every study.
"""

from collections.abc import Callable

from disrupting_harm.report.findings.definition import Finding
from disrupting_harm.report.findings.evidence_base import OfEvidence
from disrupting_harm.report.findings.evidence_counted import Counted
from disrupting_harm.report.findings.evidence_heard import Heard
from disrupting_harm.report.findings.printed import PrintedFinding


class EvidenceFindings:
    """Write findings of the evidence on one country in one language."""

    def __init__(self, of: OfEvidence) -> None:
        counted, heard = Counted(of), Heard(of)
        self._writers: dict[str, Callable[[Finding], PrintedFinding | None]] = {
            "offences": counted.offences,
            "cybertips": counted.cybertips,
            "hotlines": counted.hotlines,
            "several": heard.several,
            "frontline": heard.frontline,
            "justice": heard.justice,
            "capacity": heard.capacity,
            "policy": heard.policy,
        }

    def finding(self, entry: Finding) -> PrintedFinding | None:
        """Return a finding of a kind of evidence; None where the country has none of it."""
        return self._writers[str(entry.evidence)](entry)
