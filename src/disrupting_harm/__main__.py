"""Command line: run a study, check it and its files, plan it, render a document, list settings."""

import argparse
import signal
import sys
from pathlib import Path

from disrupting_harm.cli import command_line
from disrupting_harm.core.errors import StudyError, stack_of, unexpected
from disrupting_harm.core.signals import SNAKEMAKE, Program, Stopped, stoppable


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    parser = command_line(__doc__)
    options, passed_on = parser.parse_known_args(arguments)
    if passed_on and options.command != "run":
        parser.error(f"unknown argument {passed_on[0]}")
    try:
        with stoppable():
            return _dispatch(options, passed_on)
    except StudyError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except Exception as error:
        print(f"{stack_of(error)}\nerror: unforeseen: {unexpected(error)}", file=sys.stderr)
        return 2
    except Stopped as stopped:
        again = "; another run goes on where this one stopped" if options.command == "run" else ""
        print(f"\nStopped by {signal.Signals(stopped.number).name}{again}.", file=sys.stderr)
        return stopped.status


def _dispatch(options: argparse.Namespace, passed_on: list[str]) -> int:
    if options.command == "run":
        # It loads its libraries while this process loads ours and looks at the results.
        with Program(SNAKEMAKE) as snakemake:
            from disrupting_harm.cli.run import run

            return run(
                snakemake,
                options.config,
                options.cores,
                passed_on,
                options.only,
                warm=not options.no_warm,
            )
    if options.command == "check":
        from disrupting_harm.cli.check import check_study

        return check_study(options.config)
    if options.command == "render":
        from disrupting_harm.cli.notes import run_render

        return run_render(options)
    if options.command == "preview":
        from disrupting_harm.cli.preview import print_preview

        return print_preview(
            options.config, options.country, options.language, options.document, options.to
        )
    if options.command == "note":
        from disrupting_harm.cli.notes import run_note

        return run_note(options)
    if options.command == "single-file":
        from disrupting_harm.cli.render import write_single_file

        write_single_file(options.page, options.output)
        return 0
    if options.command == "figure-cuts":
        from disrupting_harm.report.figures.drawing.widths import named_cuts
        from disrupting_harm.stages.figures import cut_figures

        chosen = named_cuts(options.width)
        for folder in cut_figures(options.config, options.countries, options.output, chosen):
            print(folder)
        return 0
    if options.command == "author-pack":
        from disrupting_harm.cli.notes import run_pack

        return run_pack(options)
    if options.command == "lint-numbers":
        from disrupting_harm.cli.lint_numbers import lint_numbers

        return lint_numbers(options.files, options.config)
    if options.command == "compare-docx":
        from disrupting_harm.cli.compare_docx import Options, compare_docx

        asked = {key: value for key, value in vars(options).items() if key != "command"}
        return compare_docx(Options(**asked))
    if options.command == "explain":
        from disrupting_harm.cli.explain import print_explanation

        print_explanation(options.address, options.config, options.restricted, options.export)
        return 0
    if options.command == "verify":
        return _verify(options)
    if options.command == "sign":
        from disrupting_harm.cli.provenance import print_signed

        return print_signed(options.config, options.key)
    if options.command == "crate":
        from disrupting_harm.cli.provenance import print_crate

        return print_crate(options.config, options.folder, options.licence)
    if options.command == "backtest":
        from disrupting_harm.cli.backtest import print_backtest

        return print_backtest(options.file, options.config)
    if options.command in ("plan", "policies"):
        from disrupting_harm.cli import plan

        arguments = {key: value for key, value in vars(options).items() if key != "command"}
        (plan.print_plan if options.command == "plan" else plan.print_policies)(**arguments)
        return 0
    if options.command == "evidence":
        from disrupting_harm.cli.evidence import run_evidence

        return run_evidence(options)
    if options.command == "release":
        from disrupting_harm.cli.releases import run_release

        return run_release(options)
    if options.command == "statistics":
        from disrupting_harm.cli.statistics import run_statistics

        return run_statistics(options)
    if options.command == "translate":
        from disrupting_harm.report.translations import catalogue

        return catalogue.main(options.arguments)
    _write_reference_pages()
    return 0


def _write_reference_pages() -> None:
    from disrupting_harm.evidence.tables import TABLES
    from disrupting_harm.reference.configuration_page import write_reference
    from disrupting_harm.reference.evidence_tables import write_dictionary, write_indicators
    from disrupting_harm.reference.interface import write_interface
    from disrupting_harm.reference.rap import write_rap
    from disrupting_harm.report.findings.brief_definition import Brief
    from disrupting_harm.report.findings.definition import Findings
    from disrupting_harm.report.findings.recommendations import Recommendations
    from disrupting_harm.study.codebook.codebook import load_codebook

    write_dictionary(Path("docs/evidence.md"))
    write_interface(Path("workflow/rules"), Path("docs/interface.md"))
    write_rap(Path(), Path("docs/rap.md"))
    write_indicators(load_codebook(Path("config/indicators.yaml")), Path("docs/indicators.md"))
    files = {name: table.file for name, table in TABLES.items()}
    write_reference(
        Path("docs/configuration.md"),
        Path("config/schema.json"),
        files,
        (Recommendations, Findings, Brief),
    )


def _verify(options: argparse.Namespace) -> int:
    from disrupting_harm.cli import provenance

    if options.rebuild:
        return provenance.print_rebuild(options.config, options.cores, options.only)
    if options.statement or options.signers:
        signed = (options.statement, options.signers)
        return provenance.print_signer(options.folder, options.config, *signed)
    return provenance.print_findings(options.folder, options.config)


if __name__ == "__main__":
    sys.exit(main())
