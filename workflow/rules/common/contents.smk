# What `snakemake --report` shows: public files of a finished run, with captions.

import sys

from disrupting_harm.runs.report_contents import list_entries


def report_contents():
    """Public files of the last run, where Snakemake's own report is made; none before one ended."""
    # A run may take away what the last one made.
    if not any(argument.partition("=")[0] == "--report" for argument in sys.argv):
        return []
    names = {code: STUDY.countries[code].name for code in COUNTRIES}
    return [mark_for_report(entry) for entry in list_entries(Path(PUBLIC), names)]


def mark_for_report(entry):
    """A file with its caption and its place in the report."""
    # No line may begin with the word of Snakemake for the report itself.
    return report(
        str(entry.path),
        caption=f"report/{entry.caption}.rst",
        category=entry.category,
        subcategory=entry.subcategory,
        labels=entry.labels,
    )
