"""The command ``translate``: languages of the reports, and their review by readers."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from disrupting_harm.cli.arguments import Commands, add_config, add_json
from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.core.files import PUBLIC, format_json, write_bytes, write_text

DOCUMENTS = ("brief", "report", "databook", "site", "explorer")


def register(commands: Commands) -> None:
    """Add the command to those of the command line."""
    translate = commands.add_parser("translate", help="languages of the reports")
    actions = translate.add_subparsers(dest="action", required=True, metavar="ACTION")
    update = actions.add_parser("update", help="merge the messages into all catalogues")
    update.add_argument(
        "--examples",
        type=Path,
        metavar="FOLDER",
        help="results of a simulated study: texts without a printed example get one of them",
    )
    update.set_defaults(function=keep_catalogues, language=None)
    check = actions.add_parser("check", help="list what is missing or faulty in the catalogues")
    check.add_argument("language", nargs="?", help="of one catalogue; default all")
    add_json(check)
    check.set_defaults(function=keep_catalogues)
    new = actions.add_parser("new", help="write the folder of a new language")
    new.add_argument("language", help="its code, e.g. st")
    new.set_defaults(function=keep_catalogues)
    review = actions.add_parser("review", help="have translations read, and take the answers")
    steps = review.add_subparsers(dest="step", required=True, metavar="STEP")
    make = steps.add_parser("make", help="write the workbook of a document for its reader")
    make.add_argument("country", metavar="ISO3", help="code of the country, or 'all'")
    make.add_argument("--language", required=True, help="of the document, e.g. pt")
    make.add_argument("--document", choices=DOCUMENTS, default="brief")
    make.add_argument("--form", action="store_true", help="a page for a browser, not a workbook")
    make.add_argument("--without-pages", action="store_true", help="no pictures of the pages")
    make.add_argument("--output", type=Path, metavar="FILE", help="default review-DOCUMENT.xlsx")
    make.set_defaults(function=make_review)
    take = steps.add_parser("take", help="take the answers of a reader")
    take.add_argument("file", type=Path, metavar="FILE", help="the workbook, or JSON of the form")
    take.set_defaults(function=take_review)
    state = steps.add_parser("state", help="say how far each document was reviewed")
    state.add_argument("--language", default="", help="default all")
    add_json(state)
    state.set_defaults(function=print_states)
    for step in (make, take, state):
        add_config(step)


def keep_catalogues(options: argparse.Namespace) -> int:
    """Begin a language, update the catalogues, or check them."""
    from disrupting_harm.report.translations import catalogue

    arguments = [options.action, *([options.language] if options.language else [])]
    if getattr(options, "json", False):
        arguments.append("--json")
    if getattr(options, "examples", None):
        arguments += ["--examples", str(options.examples)]
    return catalogue.main(arguments)


def make_review(options: argparse.Namespace) -> int:
    """Write the workbook, or the page, in which a reader judges the texts of a document."""
    from disrupting_harm.core.paths import templates_folder
    from disrupting_harm.report.translations.review_form import build_form
    from disrupting_harm.report.translations.review_texts import (
        add_pages,
        collect_texts,
        name_document,
    )
    from disrupting_harm.report.translations.review_workbook import (
        build_workbook,
        build_workbook_with_pages,
        require_picture_maker,
    )
    from disrupting_harm.study.study import load_study

    results, templates = load_study(options.config).config.results, templates_folder()
    name = name_document(options.document, options.country, options.language)
    pdf = results / PUBLIC / f"{name}.pdf"
    with_pages = not (options.form or options.without_pages)
    if with_pages:
        require_picture_maker(pdf)
    document = collect_texts(results, templates / "locale", name, options.language)
    ending = "html" if options.form else "xlsx"
    # The document of the site is its home page.
    called = f"site-{options.language}" if options.document == "site" else name.replace("/", "-")
    path = options.output or Path(f"review-{called}.{ending}")
    if options.form:
        write_text(path, build_form(document, templates))
    elif with_pages and pdf.is_file():
        write_bytes(path, build_workbook_with_pages(add_pages(document, pdf), pdf))
    else:
        write_bytes(path, build_workbook(document))
    counts = [
        amount(len(parts), noun)
        for parts, noun in (
            (document.questions, "question"),
            (document.terms, "term"),
            (document.texts, "text"),
        )
    ]
    print(f"{path}: {', '.join(counts)}")
    return 0


def take_review(options: argparse.Namespace) -> int:
    """Take a reader's answers; return 1 where some are refused.

    Raises:
        StudyError: if the file is another one, or nobody has signed it.
    """
    from disrupting_harm.core.paths import templates_folder
    from disrupting_harm.report.language.printed_texts import read_printed_texts
    from disrupting_harm.report.translations.review_answers import take_answers
    from disrupting_harm.report.translations.review_form import read_form_answers
    from disrupting_harm.report.translations.review_workbook import read_workbook
    from disrupting_harm.study.study import load_study

    is_form = options.file.suffix == ".json"
    answers = read_form_answers(options.file) if is_form else read_workbook(options.file)
    locale = templates_folder() / "locale"
    if not (locale / answers.language / "language.yml").is_file():
        raise StudyError(str(options.file), f"no language '{answers.language}'", "Ask again")
    results = load_study(options.config).config.results
    printed = read_printed_texts(results / PUBLIC / f"{answers.document}.html")
    taken = take_answers(answers, locale, printed)
    print(
        f"{amount(taken.rows, 'verdict')} taken, {amount(taken.changed_texts, 'text')} and "
        f"{amount(taken.changed_terms, 'term')} changed, {len(taken.refused)} refused"
    )
    for line in taken.remaining:
        print(f"to do: {line}")
    for line in taken.refused:
        print(f"refused: {line}", file=sys.stderr)
    return 1 if taken.refused else 0


def print_states(options: argparse.Namespace) -> int:
    """Print how far each document of the last run was reviewed."""
    from disrupting_harm.core.paths import templates_folder
    from disrupting_harm.report.translations.review_state import describe_states, read_states
    from disrupting_harm.study.study import load_study

    results = load_study(options.config).config.results
    states = read_states(results, templates_folder() / "locale", options.language)
    if options.json:
        print(format_json(asdict(states)), end="")
    else:
        for line in describe_states(states):
            print(line)
    return 0
