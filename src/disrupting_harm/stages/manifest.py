"""Stage *manifest*: describe the public tables and list every input and output of the run."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.core.files import (
    is_public,
    read_json,
    write_json,
    write_json_of_lists,
    write_text,
)
from disrupting_harm.core.job_records import MADE, read_digests, sha256
from disrupting_harm.evidence.reading.grid_files import collect_sources
from disrupting_harm.provenance.anchors import FOLDER
from disrupting_harm.provenance.checklists import (
    describe_terms_of_use,
    find_missing_facts,
    write_checklists,
)
from disrupting_harm.provenance.datapackage import describe_data_package
from disrupting_harm.provenance.manifest import (
    find_restricted_files,
    make_public_manifest,
    make_restricted_manifest,
    remove_stale_files,
)
from disrupting_harm.report.checks.documents import StudyTexts
from disrupting_harm.report.checks.run_checks import check_documents
from disrupting_harm.report.drawing.stages_diagram import draw_stages
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.tables.schemas import share_schemas

# Beside what jobs made: the documents whose numbers were found right.
CHECKED = Path("checked") / "numbers.json"


def write_manifest(
    *,
    code: str,
    settings: dict[str, Any],
    codebook: dict[str, Any],
    countries: Sequence[dict[str, Any]],
    texts: Sequence[str],
    works: Sequence[str],
    sources: Sequence[str],
    surveys: Sequence[str],
    definitions: Mapping[str, str],
    data: Mapping[str, str],
    records: Sequence[str],
    audit_summary: str | None,
    results: str,
    datapackage_output: str,
    checklists_page: str,
    checklists_output: str,
    diagram_output: str,
    stages: Mapping[str, Sequence[str]],
    manifest_output: str,
    restricted_output: str,
    guide: Sequence[str],
    guide_output: str,
) -> None:
    """Remove what an earlier run left in the public folder, then describe what this one made.

    A run whose documents print a number that is not published, or has no address, gets no manifest.

    Args:
        code: stands for the code of this stage.
        settings: the checked configuration.
        codebook: the definitions with their words and codes.
        countries: rows of the countries file, of this run.
        texts: files of recommendations, findings and briefs.
        works: the study's list of references; none where it has none.
        sources: the study's table of sources of evidence; none where it has none.
        surveys: these, and the surveys of their earlier waves.
        definitions: name -> file of the configuration and all that defines the study.
        data: name -> file of raw data, margins and evidence.
        records: what each job of this run made.
        audit_summary: summary of the second estimator; None without a survey.
        results: folder of the results.
        datapackage_output: Frictionless description of the public tables; the schemas that several
            of them share lie in a folder beside it.
        checklists_page, checklists_output: which items of STROBE and GATHER the run answers.
        diagram_output: a picture of the analysis.
        stages: the patterns that each rule writes, in the order of the workflow.
        manifest_output: the manifest.
        restricted_output: the manifest of what may not leave.
        guide, guide_output: what lies in the restricted folder, for its readers.

    Raises:
        StudyError: a document prints such a number.
    """
    codes = [row["country"] for row in countries]
    public, restricted = Path(results) / "public", Path(results) / "restricted"
    digests = {
        path: digest for path, digest in read_digests(map(Path, records)).items() if is_public(path)
    }
    remove_stale_files(public, digests)
    tables = [
        path
        for path in digests
        if path.suffix == ".csv" and not {"reports", "briefs", "regional"} & set(path.parts)
    ]
    workbooks = [path for path in digests if path.suffix == ".xlsx"]
    pages = [path for path in digests if path.suffix == ".html" and FOLDER in path.parts]
    sources_file = Path(sources[0]) if sources else None
    known_sources = collect_sources(sources_file, [Path(path) for path in data.values()])
    terms = describe_terms_of_use(settings["study"], known_sources.values())
    definitions_of = Codebook.model_validate(codebook)
    package, schemas = share_schemas(
        describe_data_package(
            public, tables, settings["study"], workbooks, pages, definitions_of, terms
        )
    )
    write_json_of_lists(datapackage_output, package)
    for schema_path, schema in schemas.items():
        write_json_of_lists(public / schema_path, schema)
    study_texts = StudyTexts(
        settings, codebook, countries, [*map(Path, texts)], [*map(Path, works)]
    )
    numbers = check_documents(study_texts, public, restricted / MADE / CHECKED, code)
    write_text(Path(diagram_output), draw_stages(stages))
    missing = find_missing_facts(settings["study"], countries)
    write_checklists(public, codes, missing, Path(checklists_page), Path(checklists_output))
    described_files = [Path(datapackage_output), *(public / schema_path for schema_path in schemas)]
    written_last = (Path(checklists_page), Path(checklists_output), Path(diagram_output))
    for output in (*described_files, *written_last):
        digests[output] = sha256(output)
    engines = [
        {"country": country, **read_json(public / "reports" / country / "renderer.json")}
        for country in codes
    ]
    regional = public / "regional" / "renderer.json"
    if regional.exists():
        engines.append({"region": "all", **read_json(regional)})
    write_json(
        manifest_output,
        make_public_manifest(
            settings=settings,
            definitions={name: Path(path) for name, path in definitions.items()},
            data=data,
            outputs=digests,
            results=Path(results),
            audit=read_json(audit_summary) if audit_summary else None,
            engines=engines,
            numbers=numbers,
        ),
    )
    write_text(Path(guide_output), Path(guide[0]).read_text(encoding="utf-8"))
    write_json(
        restricted_output,
        make_restricted_manifest(
            data={name: Path(path) for name, path in data.items()},
            outputs=find_restricted_files(restricted, surveys),
            results=Path(results),
            manifest=Path(manifest_output),
        ),
    )
