"""What a process has used of the processor, as one line of its log."""

import resource


def usage_line() -> str:
    """Return the CPU seconds of this process, and of the ended programs that it started.

    ``benchmarks/stages.py`` reads the line.
    """
    own, programs = (
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )
    return f"used: {own:.2f} CPU s, {programs:.2f} CPU s in programs"
