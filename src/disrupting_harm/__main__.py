"""From survey microdata and evidence to reports: run a study, check it, publish it."""

import signal
import sys

from disrupting_harm.cli import command_line
from disrupting_harm.core.errors import StudyError, describe_unexpected, format_stack
from disrupting_harm.core.signals import StopSignal, leave_closed_output, raise_stop_signals


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    parser = command_line(__doc__)
    options, unknown = parser.parse_known_args(arguments)
    if unknown and options.command != "run":
        parser.error(f"unknown argument {unknown[0]}")
    options.snakemake = unknown
    try:
        with raise_stop_signals():
            status: int = options.function(options)
            sys.stdout.flush()
            return status
    except StudyError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except Exception as error:
        if isinstance(error, BrokenPipeError) and leave_closed_output():
            return 128 + signal.SIGPIPE
        print(
            f"{format_stack(error)}\nerror: unforeseen: {describe_unexpected(error)}",
            file=sys.stderr,
        )
        return 2
    except StopSignal as stopped:
        again = "; another run goes on where this one stopped" if options.command == "run" else ""
        print(f"\nStopped by {signal.Signals(stopped.number).name}{again}.", file=sys.stderr)
        return stopped.status


if __name__ == "__main__":
    sys.exit(main())
