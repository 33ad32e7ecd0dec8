# The code, templates and translations that a stage depends on, told as parameters of its rule.

from functools import cache

from disrupting_harm.core.paths import PACKAGE, SOURCE, SOURCES
from disrupting_harm.provenance.imports import digest, fingerprint, imported_files
from disrupting_harm.report.language.glossary import FILE as GLOSSARY
from disrupting_harm.report.language.reviews import FILE as REVIEWS
from disrupting_harm.report.language.settings import CATALOGUE, ENGLISH
from disrupting_harm.report.language.catalogue_part import (
    digest_of_part,
    digests_by_places,
    list_included_templates,
    report_modules,
)


def library(stage, *patterns):
    """What stands for the files of the library that a stage imports, and those named.

    An edit of any of them is another parameter, and reruns the stage. As inputs of every job they
    would be most of what Snakemake plans with.
    """
    found = {path for pattern in patterns for path in PACKAGE.glob(pattern)}
    for start in ("core/job.py", f"stages/{stage}.py"):
        found |= imported_files(PACKAGE / start, *SOURCES)
    return fingerprint(found, *SOURCES)


def templates(*patterns):
    """Files below the templates folder."""
    return [str(TEMPLATES / name) for name in template_names(*patterns)]


def template_names(*patterns):
    """Names of files from the templates folder on."""
    found = {path for pattern in patterns for path in TEMPLATES.glob(pattern)}
    return sorted(
        path.relative_to(TEMPLATES).as_posix() for path in found if path.is_file()
    )


def document_templates(name):
    """Names of the template of a document and of all that it includes."""
    return sorted(list_included_templates(name, TEMPLATES))


def databook_templates(book, *sheets):
    """Names of the templates of sheets of a workbook and, where there is one, of the PDF."""
    names = (book, *sheets) if DATABOOK_PDF else sheets
    return sorted({part for name in names for part in document_templates(name)})


def all_templates(wildcards):
    """The folder of all templates, for stages that find their files by name."""
    return str(TEMPLATES)


def renderer_here(wildcards):
    """The engine that renders here, with versions: with another one all reports are made again."""
    return RENDERER


def texts(stage, languages, names=()):
    """What stands for the translations that a stage may print, by language; of wildcards.

    An edit of any of them is another parameter, and makes what prints them again. ``names`` are
    those of the templates that the stage fills.
    """
    places = frozenset({*stage_modules(stage), *names})
    return lambda wildcards: {
        language: printed(language, places)
        for language in languages(wildcards)
        if language != ENGLISH
    }


def stage_modules(stage):
    """The modules that a stage prints with, as catalogues name them."""
    files = imported_files(PACKAGE / "stages" / f"{stage}.py", *SOURCES)
    return report_modules(files, SOURCE)


@cache
def printed(language, places):
    """What stands for the translations of messages that are printed from some places."""
    return digest_of_part(messages(language), places)


@cache
def messages(language):
    """What stands for all translations of a language, by the places that print them."""
    catalogue = TEMPLATES / "locale" / language / CATALOGUE
    return digests_by_places(catalogue.read_text("utf-8"))


def reviews(languages):
    """What stands for the reviews of the translations of languages; of wildcards.

    A document says how far its texts were reviewed, with the terms that they hold.
    """
    return lambda wildcards: {
        language: reviewed(language)
        for language in languages(wildcards)
        if language != ENGLISH
    }


@cache
def reviewed(language):
    """What stands for the reviews of one language, and for the terms that they rest on."""
    folder = TEMPLATES / "locale"
    names = (f"{language}/{REVIEWS}", f"{language}/{GLOSSARY}", f"{ENGLISH}/{GLOSSARY}")
    paths = [folder / name for name in names]
    return digest(
        "\n".join(path.read_text("utf-8") for path in paths if path.is_file())
    )


def language_files(languages):
    """What documents need of their languages beside catalogues; a function of wildcards."""
    return lambda wildcards: templates(
        *(f"locale/{language}/language.yml" for language in languages(wildcards))
    )
