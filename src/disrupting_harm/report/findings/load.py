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
    findings_path = study.config.report.findings
    if findings_path is None:
        if study.config.study.template == "country":
            raise StudyError(
                f"{study.path}, key 'report.findings'",
                "it is missing, and the template is 'country'",
                "Name a file of findings (docs/findings.md), or take the template 'survey'",
            )
        return None
    return load_findings(study.resolve(findings_path), study.codebook)


def load_findings(path: Path, codebook: Codebook | None = None) -> Findings:
    """Read the file of findings.

    Args:
        codebook: of the study's survey, whose indicators, domains and items it names; None: no
            survey, so that findings of the survey are left out of all reports.

    Raises:
        StudyError: naming the file and key, what was found and what to do.
    """
    findings: Findings = validate_content(Findings, read_yaml(path) or {}, str(path))
    if codebook is None or not codebook.indicators:
        return findings
    indicators = {finding.id: finding for finding in codebook.indicators}
    shares = [tile.indicator or tile.of for group in findings.numbers for tile in group.tiles]
    shares += [
        finding.gap.indicator if finding.gap else finding.indicator for finding in findings.all
    ]
    shares += [finding.wider.indicator for finding in findings.all if finding.wider]
    shares += findings.region.indicators if findings.region else []
    for indicator in findings.indicators:
        if indicator not in indicators:
            raise _build_unknown_name_error(path, "indicator", indicator)
        if indicator in shares and indicators[indicator].statistic != "proportion":
            raise StudyError(
                f"{path}, indicator '{indicator}'", "it is no proportion", "Name a proportion"
            )
    headlines = codebook.headlines("proportion")
    compared = [("standing", share.indicator) for share in findings.standing]
    compared += [("clear_gaps", name) for finding in findings.all for name in finding.clear_gaps]
    for key, indicator in compared:
        if indicator not in headlines:
            raise StudyError(
                f"{path}, key '{key}', indicator '{indicator}'",
                "it is no headline proportion, and no other is compared",
                f"Name one of: {', '.join(headlines)}",
            )
    domains = {domain.id for domain in codebook.domains}
    named_domains = [*findings.region.domains] if findings.region else []
    named_domains += [cell[1] for title in findings.titles for cell in title.shares.values()]
    for domain in named_domains:
        if domain not in domains:
            raise _build_unknown_name_error(path, "domain", domain)
    for title in findings.titles:
        for name, others in title.above.items():
            if any(indicators[name].universe != indicators[other].universe for other in others):
                raise StudyError(
                    f"{path}, key 'figures', title '{title.text}'",
                    f"'{name}' is not of the same people as those that it has to lie above",
                    "Compare answers of the same people",
                )
    figures = _list_figures(codebook)
    for figure in findings.figures:
        if figure not in figures:
            raise StudyError(
                f"{path}, key 'figures', '{figure}'",
                "a country has no such figure",
                f"Name one of: {', '.join(figures)}",
            )
    items = {item.id for item in codebook.items}
    for finding in findings.all:
        if finding.gap and finding.gap.domain not in domains:
            raise _build_unknown_name_error(path, "domain", finding.gap.domain)
        if finding.asked and finding.asked not in items:
            raise _build_unknown_name_error(path, "item", finding.asked)
    return findings


def _list_figures(codebook: Codebook) -> list[str]:
    """Return the identifiers of the figures of estimates that a country may have."""
    names = [f"module-{module.id}" for module in codebook.modules]
    names += [f"series-{series.id}" for series in codebook.series]
    names += [f"question-{question.id}" for question in codebook.questions]
    headlines = codebook.headlines("proportion")
    names += [f"{kind}-{name}" for kind in ("by-group", "regions") for name in headlines]
    crossed = [domain.id.replace("_", "-") for domain in codebook.domains if domain.cross]
    return [*names, "last-time", "options", *crossed]


def _build_unknown_name_error(path: Path, name_of_what: str, name: str) -> StudyError:
    return StudyError(
        f"{path}, {name_of_what} '{name}'", "the codebook has none", "Name one that it has"
    )
