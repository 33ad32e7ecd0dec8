"""The command ``lint-numbers``: check the numbers of documents against what is published."""

from collections.abc import Sequence
from pathlib import Path

from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.core.files import PUBLIC
from disrupting_harm.report.checks.documents import NumberChecks, StudyTexts, documents_of
from disrupting_harm.report.checks.explained_pages import pages_of
from disrupting_harm.report.checks.explorer import explorers_of
from disrupting_harm.report.checks.figure_numbers import lists_of
from disrupting_harm.report.checks.site import site_pages
from disrupting_harm.study.study import load_study


def lint_numbers(files: Sequence[Path], config: Path) -> int:
    """Print every faulty number of documents; return 1 where there is one, else 0.

    Args:
        files: documents (``.qmd``); none: all documents of the study's public results.
        config: the study's configuration.

    Raises:
        StudyError: if a file is missing or has no language.
    """
    study = load_study(config)
    public = study.config.results / PUBLIC
    texts = StudyTexts.of(study)
    site = site_pages(public, texts.languages)
    pages = [*pages_of(public), *site, *explorers_of(public)]
    documents = files or [*lists_of(public), *documents_of(public), *pages]
    if not documents:
        raise StudyError(str(public), "there is no document", "Run the study, or name a file")
    checks = NumberChecks(texts, public)
    faulty = 0
    for document in documents:
        for line in checks.of(document):
            print(f"{document}, {line}")
            faulty += 1
    print(f"{amount(len(documents), 'document')}, {amount(faulty, 'faulty number')}")
    return 1 if faulty else 0
