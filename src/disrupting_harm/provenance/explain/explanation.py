"""The explanation of a published number as printed: how it was made, and from what."""

from dataclasses import asdict
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import PUBLIC, RESTRICTED, for_owner_alone, format_json
from disrupting_harm.core.job_records import sha256
from disrupting_harm.provenance.derived_numbers import find_rule
from disrupting_harm.provenance.explain.copied_address import read_copied_address
from disrupting_harm.provenance.explain.explain_number import explain_number, find_input_files
from disrupting_harm.provenance.explain.explain_restricted import explain_restricted, input_hashes
from disrupting_harm.provenance.explain.lookup import MANIFEST, PublishedCell, PublishedFiles
from disrupting_harm.provenance.explain.trace import format_steps, trace_number
from disrupting_harm.provenance.r_code.export_r import write_r_lines
from disrupting_harm.study.study import Study, load_study


def print_explanation(
    address: str, config: Path, restricted: bool, export: Path | None, as_json: bool = False
) -> None:
    """Print how a published number was made.

    Args:
        address: of the number, e.g. ``KEN/clear_examples/sex:girl/estimate``, of its row, or the
            link of a page of explanations; a release named behind ``@`` has to be the one that
            lies there.
        restricted: whether to say what the restricted results hold, too.
        as_json: whether to print for programs.
        export: with ``restricted``: a folder for the data that the R lines read.

    Raises:
        StudyError: if nothing published stands at the address.
    """
    study = load_study(config)
    results = study.config.results
    address, published = _open_published(address, study)
    lines = explain_number(address, published, study)
    if moved_row := published.find_moved(address):
        address = moved_row.cell_address(address.rpartition("/")[2])
    of_cell = address and find_rule(address) is None
    if export is not None and not restricted:
        raise _no_lines_error(address, "--restricted is missing")
    if restricted and of_cell:
        cell = published.find_cell(address)
        more = explain_restricted(cell, study, results / RESTRICTED)
        more += input_hashes(find_input_files(cell, published.manifest), results / RESTRICTED)
        lines += [line for line in more if line not in lines]
        if export is not None:
            lines.append(("written", _write_r_lines(cell, published, study, export)))
    elif export is not None:
        raise _no_lines_error(address, "there are no lines of R to write")
    if as_json:
        parts = [{"name": name, "text": text} for name, text in lines]
        print(format_json({"address": address, "parts": parts}), end="")
        return
    for name, text in lines:
        indented = text.replace("\n", "\n" + " " * 16)
        print(f"{name:<14}  {indented}")


def print_trace(address: str, config: Path, as_json: bool = False) -> None:
    """Print the steps from the sample that was drawn to a printed number, with their counts.

    Args:
        address: of the number, or of its row, as for :func:`print_explanation`.
        as_json: whether to print for programs.

    Raises:
        StudyError: nothing published stands at the address, or it is no estimate of a survey.
    """
    study = load_study(config)
    address, published = _open_published(address, study)
    steps = trace_number(published.find_cell(address), study)
    if as_json:
        record = {"address": address, "steps": [asdict(step) for step in steps]}
        print(format_json(record), end="")
        return
    print(f"{address}: from the sample to the printed number, in persons")
    for line in format_steps(steps):
        print(line)


def _open_published(address: str, study: Study) -> tuple[str, PublishedFiles]:
    """Return an address as the public files have it, and these files.

    Raises:
        StudyError: the results are of another release than the address names.
    """
    results = study.config.results
    countries = [row.model_dump(mode="json") for row in study.countries.values()]
    published = PublishedFiles(results / PUBLIC, countries)
    address, _, release = address.partition("@")
    if release and not sha256(results / PUBLIC / MANIFEST).startswith(release):
        finding = f"the results are of another release than {release}"
        raise StudyError(f"address '{address}'", finding, "Give the folder of that release")
    address = read_copied_address(address, published)
    return address, published


def _write_r_lines(
    cell: PublishedCell, published: PublishedFiles, study: Study, export: Path
) -> str:
    """Write the lines of R and what they read, for their owner alone; return their file."""
    with for_owner_alone():
        lines_file = write_r_lines(
            cell, published, study, study.config.results / RESTRICTED, export
        )
    if lines_file is None:
        raise _no_lines_error(cell.address, "there are no lines of R to write")
    return f"{lines_file}; `cd {export} && Rscript {lines_file.name}` prints what 'restricted' has"


def _no_lines_error(address: str, finding: str) -> StudyError:
    return StudyError(
        f"address '{address}'",
        finding,
        "Numbers of a survey and of the comparison have such lines, and who may see the answers "
        "asks for them by --restricted --export",
    )
