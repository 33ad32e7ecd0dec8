"""What a process has used of the processor, as one line of its log."""

import os
import resource

# Set by the process that forks jobs (see `disrupting_harm_launcher.server`).
FORKED = "DISRUPTING_HARM_FORKED"


def usage_line() -> str:
    """Return the CPU seconds of this process, and of the ended programs that it started.

    It also says whether the process was forked from one that had loaded the libraries.
    ``benchmarks/stages.py`` reads the line.
    """
    own, programs = (
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )
    kind = "forked" if FORKED in os.environ else "own Python"
    return f"used: {own:.2f} CPU s, {programs:.2f} CPU s in programs, {kind}"
