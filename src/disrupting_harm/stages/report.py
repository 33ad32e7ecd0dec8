"""Stage *report*: the documents of one country in all its languages."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.comparison.judgements import read_comparability
from disrupting_harm.report.documents.country_report import write_reports
from disrupting_harm.report.findings.brief_definition import read_brief
from disrupting_harm.report.findings.load import load_findings
from disrupting_harm.report.findings.order_claims import find_reasons_incomparable
from disrupting_harm.report.findings.recommendations import load_recommendations
from disrupting_harm.report.findings.references import read_works
from disrupting_harm.report.rendering import write_renderer_note
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country


def write_country_reports(
    *,
    country: dict[str, Any],
    codebook: dict[str, Any],
    settings: dict[str, Any],
    public: str,
    templates: str,
    recommendations: Sequence[str],
    findings: Sequence[str],
    slots: str,
    judgements: Sequence[str],
    references: Sequence[str],
    countries: Sequence[dict[str, Any]],
    listed: Sequence[str],
    folder: str,
    brief: Sequence[str] = (),
    changes: Sequence[str] = (),
    only_languages: Sequence[str] = (),
) -> None:
    """Write one country's reports into ``folder/{language}/`` and note the renderer beside them.

    ``recommendations``, ``findings``, ``judgements`` on comparability and ``references`` are the
    study's files of them, and ``brief`` that of its briefs, if it has them; ``countries`` are the
    rows that take part, with what the ledger compares, and ``listed`` the codes of all. ``changes``
    is the public table of changes, where the country was surveyed several times.
    ``slots`` is the folder of what authors write; empty where the study has none;
    ``only_languages`` are those to write, of the country's; empty: all.
    """
    codes = Codebook.model_validate(codebook)
    rows = {row["country"]: Country.model_validate(row) for row in countries}
    indicators = [indicator.id for indicator in codes.indicators]
    judgements_by_file = [read_comparability(path, listed, indicators) for path in judgements]
    records = write_reports(
        Country.model_validate(country),
        Configuration.model_validate(settings),
        codes,
        public=Path(public),
        templates=Path(templates),
        out=Path(folder),
        languages=only_languages,
        recommendations=(
            load_recommendations(Path(recommendations[0]), codes) if recommendations else None
        ),
        findings=load_findings(Path(findings[0]), codes) if findings else None,
        slots=Path(slots) if slots else None,
        reasons_apart=find_reasons_incomparable(
            country["country"],
            rows,
            codes,
            [line for judgements_of_file in judgements_by_file for line in judgements_of_file],
        ),
        works=[work for path in references for work in read_works(Path(path))],
        changes=[Path(path) for path in changes],
        brief=read_brief(Path(brief[0])) if brief else None,
    )
    write_renderer_note(Path(folder), records)
