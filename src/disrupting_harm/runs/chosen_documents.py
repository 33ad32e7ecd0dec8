"""Some documents of a finished study, written again by their rules alone.

A run looks at all jobs of a study. Whoever edits a text waits for one document: its rule, and those
that make its figures and what all documents share, read published numbers as the last run left
them. Snakemake keeps its records, so the next whole run makes what follows: site and manifest.
"""

from collections.abc import Sequence
from typing import NamedTuple

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import PUBLIC
from disrupting_harm.provenance.signature import MANIFEST
from disrupting_harm.study.study import Study


class DocumentRules(NamedTuple):
    """How a kind of documents is written: by which rules, and the public file of the last one."""

    rules: tuple[str, ...]
    output: str


DOCUMENTS = {
    "report": DocumentRules(("shared", "figures", "report"), "reports/{country}/renderer.json"),
    "brief": DocumentRules(("shared", "brief"), "briefs/{country}/renderer.json"),
    "databook": DocumentRules(("shared", "databook"), "databooks/{country}/languages.json"),
}


class ChosenJobs(NamedTuple):
    """What Snakemake makes, and the rules that it may use for that."""

    targets: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


def choose_documents(study: Study, names: Sequence[str]) -> ChosenJobs:
    """Return the jobs that write documents of some countries.

    Args:
        study: one whose run has ended.
        names: a name of :data:`DOCUMENTS`, then codes of countries.

    Raises:
        StudyError: there are no such documents, or no run has ended.
    """
    document, *countries = names
    if document not in DOCUMENTS or not countries:
        example = f"--document report {study.codes[0]}"
        remedy = f"Name one of {', '.join(DOCUMENTS)}, then countries: {example}"
        raise StudyError("--document", " ".join(names), remedy)
    if unknown := [code for code in countries if code not in study.codes]:
        location = "--document, countries of this study"
        raise StudyError(location, f"no {', '.join(unknown)}", f"Take {', '.join(study.codes)}")
    if document == "brief" and study.config.report.brief is None:
        raise StudyError(
            "--document brief", "the study has no briefs", "Configure them first: report.brief"
        )
    public = study.config.results / PUBLIC
    if not (public / MANIFEST).is_file():
        raise StudyError(str(public), "no run has ended", "Run without --document first")
    rules, output = DOCUMENTS[document]
    targets = tuple(str(public / output.format(country=code)) for code in countries)
    return ChosenJobs(targets, rules)
