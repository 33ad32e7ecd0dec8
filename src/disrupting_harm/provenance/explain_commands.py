"""The command ``explain``: how a published number was made."""

import os
from pathlib import Path

from disrupting_harm.errors import StudyError
from disrupting_harm.places import PUBLIC, RESTRICTED
from disrupting_harm.provenance.derived import rule_of
from disrupting_harm.provenance.explain import explain
from disrupting_harm.provenance.explain_restricted import explain_restricted
from disrupting_harm.provenance.keys import ESTIMATES
from disrupting_harm.provenance.made import sha256
from disrupting_harm.provenance.published import MANIFEST, Published
from disrupting_harm.provenance.recompute import write_lines
from disrupting_harm.study.study import load_study


def print_explanation(address: str, config: Path, restricted: bool, export: Path | None) -> None:
    """Print how a published number was made.

    Args:
        address: of the number, e.g. ``KEN/clear_examples/sex:girl/estimate``; a release named
            behind ``@`` has to be the one that lies there.
        config: the study's configuration.
        restricted: whether to tell what the restricted results hold, too.
        export: with ``restricted``: a folder for the data that the R lines read.

    Raises:
        StudyError: if nothing published stands at the address.
    """
    study = load_study(config)
    results = study.config.results
    countries = [row.model_dump(mode="json") for row in study.countries.values()]
    published = Published(results / PUBLIC, countries)
    address, _, release = address.partition("@")
    if release and not sha256(results / PUBLIC / MANIFEST).startswith(release):
        found = f"the results are of another release than {release}"
        raise StudyError(f"address '{address}'", found, "Give the folder of that release")
    lines = explain(address, published, study)
    if gone := published.moved(address):
        address = gone.at(address.rpartition("/")[2])
    of_cell = address and rule_of(address) is None
    of_survey = of_cell and published.find(address).file.endswith(f"{ESTIMATES}.csv")
    if export is not None and not (restricted and of_survey):
        found = "there are no lines of R to write" if restricted else "--restricted is missing"
        remedy = "Only estimates of a survey have such lines, and who may see its answers asks for "
        raise StudyError(f"address '{address}'", found, f"{remedy}them by --restricted --export")
    if restricted and of_cell:
        place = published.find(address)
        lines += explain_restricted(place, study, results / RESTRICTED)
        if export is not None:
            umask = os.umask(0o077)
            try:
                written = write_lines(place.row, study, results / RESTRICTED, export)
            finally:
                os.umask(umask)
            lines.append(("written", str(written)))
    for name, text in lines:
        indented = text.replace("\n", "\n" + " " * 14)
        print(f"{name:<12}  {indented}")
