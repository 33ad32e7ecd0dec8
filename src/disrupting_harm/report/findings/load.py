"""Read a study's file of findings, and refuse names that its codebook has not.

No pandas here: the Snakefile loads modules of this kind at every call.
"""

from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.findings.definition import Findings
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.section import read_yaml, validate_content
from disrupting_harm.study.study import Study


def load_study_findings(study: Study) -> Findings | None:
    """Read the file of findings that a study's configuration names; None where it names none.

    Raises:
        StudyError: where a country report has none, or the file is faulty.
    """
    named = study.config.report.findings
    if named is None:
        if study.config.study.template == "country":
            raise StudyError(
                f"{study.path}, key 'report.findings'",
                "it is missing, and the template is 'country'",
                "Name a file of findings (docs/findings.md), or take the template 'survey'",
            )
        return None
    return load_findings(study.resolve(named), study.codebook)


def load_findings(path: Path, codebook: Codebook | None = None) -> Findings:
    """Read the file of findings.

    Args:
        path: the file.
        codebook: of the study's survey, whose indicators, domains and items it names; None: no
            survey, so that findings of the survey are left out of all reports.

    Raises:
        StudyError: naming the file and key, what was found and what to do.
    """
    found: Findings = validate_content(Findings, read_yaml(path) or {}, str(path))
    if codebook is None or not codebook.indicators:
        return found
    indicators = {entry.id: entry for entry in codebook.indicators}
    shares = [tile.indicator or tile.of for group in found.numbers for tile in group.tiles]
    shares += [entry.gap.indicator if entry.gap else entry.indicator for entry in found.all]
    shares += [entry.wider.indicator for entry in found.all if entry.wider]
    shares += found.region.indicators if found.region else []
    for name in found.indicators:
        if name not in indicators:
            raise _unknown(path, "indicator", name)
        if name in shares and indicators[name].statistic != "proportion":
            raise StudyError(
                f"{path}, indicator '{name}'", "it is no proportion", "Name a proportion"
            )
    domains = {domain.id for domain in codebook.domains}
    for domain in found.region.gaps if found.region else ():
        if domain not in domains:
            raise _unknown(path, "domain", domain)
    items = {item.id for item in codebook.items}
    for entry in found.all:
        if entry.gap and entry.gap.domain not in domains:
            raise _unknown(path, "domain", entry.gap.domain)
        if entry.asked and entry.asked not in items:
            raise _unknown(path, "item", entry.asked)
    return found


def _unknown(path: Path, kind: str, name: str) -> StudyError:
    return StudyError(f"{path}, {kind} '{name}'", "the codebook has none", "Name one that it has")
