"""The commands of the command line, their arguments, and what ``--help`` says of each."""

import argparse
import os
from pathlib import Path


def command_line(description: str | None) -> argparse.ArgumentParser:
    """Return the parser of all commands; ``description`` is what the program does."""
    parser = argparse.ArgumentParser(prog="disrupting-harm", description=description)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run a study; further arguments go to Snakemake")
    run.add_argument("--config", type=Path, default=Path("config/config.yaml"))
    run.add_argument("--only", nargs="+", metavar="COUNTRY", help="some of its countries")
    run.add_argument("--cores", type=int, default=os.cpu_count() or 1)
    run.add_argument("--no-warm", action="store_true", help="start a Python for every job")
    check = commands.add_parser("check", help="read and check all that a run needs; write nothing")
    check.add_argument("--config", type=Path, default=Path("config/config.yaml"))
    render = commands.add_parser("render", help="render a note, or a document of the results")
    render.add_argument("file", type=Path, metavar="FILE.qmd")
    render.add_argument(
        "--to",
        "--formats",
        default="html,pdf,docx",
        help="some of html,pdf,docx; default all",
    )
    render.add_argument("--renderer", default="auto", help="auto, quarto or embedded")
    render.add_argument(
        "--check", action="store_true", help="of a note: write nothing, end with 1 if it changed"
    )
    render.add_argument("--config", type=Path, default=Path("config/config.yaml"), help="of a note")
    preview = commands.add_parser("preview", help="a country's document with today's texts")
    preview.add_argument("country", metavar="ISO3", help="code of the country")
    preview.add_argument("--language", default="", help="default the country's first")
    preview.add_argument("--document", choices=("report", "brief"), default="report")
    preview.add_argument("--to", default="", help="some of html,pdf,docx; default as a run does")
    preview.add_argument("--config", type=Path, default=Path("config/config.yaml"))
    note = commands.add_parser("note", help="texts of authors with published numbers")
    acts = note.add_subparsers(dest="action", required=True)
    new = acts.add_parser("new", help="write an example to begin with")
    new.add_argument("name", metavar="NAME", help="of the note, and of its folder")
    new.add_argument("--country", metavar="ISO3", help="whose numbers need no country before them")
    new.add_argument("--lang", help="language of the note; default the country's first")
    new.add_argument("--config", type=Path, default=Path("config/config.yaml"))
    single = commands.add_parser("single-file", help="a page with its figures in it, to be mailed")
    single.add_argument("page", type=Path, metavar="PAGE.html")
    single.add_argument("output", type=Path, metavar="OUTPUT.html")
    cuts = commands.add_parser("figure-cuts", help="figures of a finished run for authors")
    cuts.add_argument("countries", nargs="*", metavar="COUNTRY", help="default all")
    cuts.add_argument("--config", type=Path, default=Path("config/config.yaml"))
    cuts.add_argument("--output", type=Path, default=Path("figure-cuts"), metavar="FOLDER")
    pack = commands.add_parser("author-pack", help="figures, sentences and texts of one country")
    pack.add_argument("country", metavar="ISO3", help="code of the country")
    pack.add_argument("--licence", default="", help="address of the licence of the results")
    pack.add_argument("--config", type=Path, default=Path("config/config.yaml"))
    pack.add_argument("--output", type=Path, default=Path(), metavar="FOLDER")
    for drawn in (cuts, pack):
        known = "text, wide, column, small or web; may be given again; default all"
        drawn.add_argument("--width", action="append", default=[], metavar="NAME", help=known)
    numbers = commands.add_parser("lint-numbers", help="check the numbers of filled documents")
    numbers.add_argument("files", type=Path, nargs="*", metavar="FILE.qmd", help="default all")
    numbers.add_argument("--config", type=Path, default=Path("config/config.yaml"))
    word = commands.add_parser(
        "compare-docx", help="what was changed in the Word file of a document"
    )
    word.add_argument("file", type=Path, metavar="EDITED.docx")
    word.add_argument("--config", type=Path, default=Path("config/config.yaml"))
    word.add_argument("--against", type=Path, metavar="FILE", help="the run's own .docx or .qmd")
    word.add_argument("--write", action="store_true", help="put texts of authors into their files")
    word.add_argument("--patch", type=Path, metavar="FILE", help="other changes as a diff")
    word.add_argument("--json", action="store_true", help="print findings for programs")
    explained = commands.add_parser("explain", help="how a published number was made")
    explained.add_argument(
        "address",
        help="e.g. KEN/clear_examples/sex:girl, or a link: …/explained/KEN.html#clear_examples",
    )
    explained.add_argument("--config", type=Path, default=Path("config/config.yaml"))
    explained.add_argument(
        "--restricted", action="store_true", help="with what the restricted results hold of it"
    )
    explained.add_argument(
        "--export", type=Path, metavar="FOLDER", help="write its R lines and their data"
    )
    verify = commands.add_parser("verify", help="compare results with their manifest")
    verify.add_argument("folder", type=Path, nargs="?", help="a copy of a study's public results")
    verify.add_argument("--config", type=Path, default=Path("config/config.yaml"))
    verify.add_argument("--rebuild", action="store_true", help="make all again, and compare")
    verify.add_argument("--only", nargs="+", metavar="COUNTRY", help="with --rebuild: those run")
    verify.add_argument("--cores", type=int, default=os.cpu_count() or 1, help="with --rebuild")
    verify.add_argument(
        "--signers", type=Path, help="who may sign: check the release, its files, those before it"
    )
    verify.add_argument(
        "--statement", type=Path, help="with --signers: what `sign` wrote, where it is no release"
    )
    sign = commands.add_parser("sign", help="sign the results of a finished run")
    sign.add_argument("--key", type=Path, required=True, help="private key of OpenSSH")
    sign.add_argument("--config", type=Path, default=Path("config/config.yaml"))
    crate = commands.add_parser("crate", help="put a finished run into a folder for an archive")
    crate.add_argument("folder", type=Path, metavar="FOLDER", help="a new one")
    address = "address of the licence of the results; default study.licence"
    crate.add_argument("--licence", default="", help=address)
    crate.add_argument("--config", type=Path, default=Path("config/config.yaml"))
    backtest = commands.add_parser("backtest", help="compare a finished run with a printed table")
    backtest.add_argument("file", type=Path, metavar="published.csv")
    backtest.add_argument("--config", type=Path, default=Path("config/config.yaml"))
    commands.add_parser("schema", help="write the reference pages and config/schema.json")
    plan = commands.add_parser("plan", help="before fieldwork: what could be published")
    plan.add_argument("--n", type=int, help="answers in the whole sample")
    plan.add_argument("--deff", type=float, help="its design effect")
    plan.add_argument("--df", type=float, help="PSUs less strata; without it: no penalty")
    plan.add_argument("--shares", default="", help="parts of the sample: girls=0.5,rural=0.4")
    plan.add_argument("--cells", type=Path, help="CSV of planned cells: cell,n,deff[,df]")
    plan.add_argument("--policies", default="", help="standards, separated by commas; default all")
    plan.add_argument(
        "--threshold", type=int, default=10, help="of disclosure control: least yes answers"
    )
    plan.add_argument("--again", type=int, help="answers in a second survey: what change is found")
    plan.add_argument("--family", type=int, default=1, help="indicators whose changes are tested")
    plan.add_argument(
        "--correlation", type=float, default=0.0, help="of both estimates, where PSUs are kept"
    )
    plan.add_argument("--output", type=Path, help="CSV file to write instead of printing")
    policies = commands.add_parser("policies", help="what each standard would publish of a country")
    policies.add_argument("--estimates", type=Path, required=True, help="restricted estimates")
    policies.add_argument("--item-answers", type=Path, help="missing answers; default: beside them")
    policies.add_argument("--output", type=Path, help="CSV file of every cell, for restricted use")
    evidence = commands.add_parser("evidence", help="workbooks of evidence: make and check them")
    actions = evidence.add_subparsers(dest="action", required=True)
    template = actions.add_parser("template", help="write an empty workbook to fill")
    filled = actions.add_parser("check", help="list every fault of a filled workbook or CSV file")
    for action in (template, filled):
        action.add_argument("file", type=Path, metavar="FILE")
        action.add_argument("--table", nargs="+", default=[], metavar="TABLE", help="some tables")
        action.add_argument("--config", type=Path, help="study whose countries and items to use")
    percentages = actions.add_parser(
        "percentages", help="find published percentages that differ from their count and base"
    )
    percentages.add_argument("file", type=Path, metavar="FILE")
    filled.add_argument("--sources", type=Path, help="table of sources, beside the workbook's own")
    release = commands.add_parser("release", help="accept results, update them, withdraw consent")
    doings = release.add_subparsers(dest="action", required=True)
    accept = doings.add_parser("accept", help="keep the results of the last run as a release")
    accept.add_argument("name", metavar="NAME", help="of the release, e.g. 2026-1")
    accept.add_argument("--by", metavar="WHO", help="who accepts it")
    accept.add_argument("--sign", type=Path, metavar="KEY", help="private key of OpenSSH")
    compare = doings.add_parser("compare", help="say which tables may be published anew")
    compare.add_argument("--to", metavar="NAME", help="compare with this release; default the last")
    withdraw = doings.add_parser("withdraw", help="forget respondents whose consent is withdrawn")
    withdraw.add_argument("country", metavar="ISO3", help="their country")
    withdraw.add_argument("--ids", type=Path, required=True, metavar="FILE", help="one id a line")
    for action in (accept, compare, withdraw):
        action.add_argument("--config", type=Path, default=Path("config/config.yaml"))
    statistics = commands.add_parser(
        "statistics", help="let a country join a comparison whose microdata stay at home"
    )
    ways = statistics.add_subparsers(dest="action", required=True)
    export = ways.add_parser("export", help="write what a comparison needs of a finished country")
    export.add_argument(
        "--exact",
        action="store_true",
        help="with all digits, for restricted use, in place of those of published tables",
    )
    taken = ways.add_parser("import", help="check what a country sent, and say how to use it")
    template = ways.add_parser("template", help="write empty files for another program to fill")
    for way in (export, taken, template):
        way.add_argument("country", metavar="ISO3", help="code of the country")
        way.add_argument("folder", type=Path, metavar="FOLDER", help="of its statistics")
        way.add_argument("--config", type=Path, default=Path("config/config.yaml"))
    translate = commands.add_parser("translate", help="languages of the reports")
    translate.add_argument("arguments", nargs="+", metavar="new LANGUAGE | update | check")
    return parser
