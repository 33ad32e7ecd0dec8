"""A finished run as a Workflow Run RO-Crate: a folder that archives take and machines read.

It holds the public results, the rules that made them, what other programs read of them, and
``ro-crate-metadata.json``: names, sizes and hashes. No time, machine, person or path of this
computer is in it, and nothing restricted.

https://w3id.org/ro/crate/1.1, https://w3id.org/ro/wfrun/workflow/0.5
"""

import mimetypes
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import PUBLIC, read_json, write_json, write_text
from disrupting_harm.core.job_records import sha256
from disrupting_harm.core.paths import workflow_folder
from disrupting_harm.core.version import __version__
from disrupting_harm.exchange.deposit import format_deposit
from disrupting_harm.provenance.signature import MANIFEST, verify_public
from disrupting_harm.study.study import Study

METADATA = "ro-crate-metadata.json"
WORKFLOW = "workflow/Snakefile"
CONTEXT = [
    "https://w3id.org/ro/crate/1.1/context",
    "https://w3id.org/ro/terms/workflow-run/context",
]
PROFILES = (
    "https://w3id.org/ro/wfrun/process/0.5",
    "https://w3id.org/ro/wfrun/workflow/0.5",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0",
)
SNAKEMAKE = "https://w3id.org/workflowhub/workflow-ro-crate#snakemake"
RUN = "#run"
Entity = dict[str, Any]


def write_crate(study: Study, folder: Path, licence: str) -> int:
    """Write the crate of a finished run into a new folder; return how many files it holds.

    Args:
        study: what was run.
        folder: that of the crate, which is not there yet.
        licence: address of the licence of the results, which only their publisher knows.

    Raises:
        StudyError: the folder is there, the results differ from their manifest, or it is not known
            when a country was surveyed.
    """
    results = study.config.results
    public = results / PUBLIC
    if not licence.startswith(("https://", "http://")):
        finding = f"'{licence}' is no address"
        remedy = "Write one, as https://creativecommons.org/licenses/…"
        raise StudyError("--licence, or study.licence", finding, remedy)
    if folder.exists():
        raise StudyError(str(folder), "it is there", "Name a new folder")
    if lines := verify_public(public).format_lines():
        finding = f"{len(lines)} of its files are missing, changed or foreign"
        remedy = "`disrupting-harm verify` names them; run the study again, then make the crate"
        raise StudyError(str(public), finding, remedy)
    deposit = format_deposit(study, licence)
    manifest = read_json(public / MANIFEST)
    rules = sorted(path for path in workflow_folder().rglob("*") if _is_rule(path))
    files = {f"workflow/{path.relative_to(workflow_folder()).as_posix()}": path for path in rules}
    listed = (*manifest["outputs"], f"{PUBLIC}/{MANIFEST}")
    files |= {name: results / name for name in sorted(listed)}
    for name, path in files.items():
        _link_or_copy(path, folder / name)
    for name, text in deposit.items():
        write_text(folder / name, text)
        files[name] = folder / name
    entities = [*_describe_run(manifest, licence, list(files)), *_describe_files(files)]
    write_json(folder / METADATA, {"@context": CONTEXT, "@graph": entities})
    return len(files)


def _is_rule(path: Path) -> bool:
    return path.is_file() and (path.suffix in (".smk", ".py") or path.name == "Snakefile")


def _link_or_copy(source: Path, target: Path) -> None:
    """Put a file into the crate without a second copy on the disk, where that can be."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _describe_run(manifest: dict[str, Any], licence: str, files: list[str]) -> Iterator[Entity]:
    """Yield the crate itself, its workflow, and the run that made the results."""
    study = manifest["configuration"]["study"]
    results = [{"@id": name} for name in files if name.startswith(f"{PUBLIC}/")]
    definitions = sorted(manifest["inputs"].items())
    data_kind = "simulated data" if manifest["simulated"] else "survey data and evidence"
    yield {
        "@id": METADATA,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": [{"@id": CONTEXT[0].removesuffix("/context")}, {"@id": PROFILES[-1]}],
    }
    yield {
        "@id": "./",
        "@type": "Dataset",
        "name": study["title"],
        "description": f"Public results of one run of the workflow on {data_kind}: "
        f"{manifest['release']}.",
        "datePublished": study["date"],
        "license": {"@id": licence},
        "conformsTo": [{"@id": profile} for profile in PROFILES],
        "hasPart": [{"@id": name} for name in files],
        "mainEntity": {"@id": WORKFLOW},
        "mentions": {"@id": RUN},
    }
    yield {"@id": licence, "@type": "CreativeWork", "name": licence}
    for profile in PROFILES:
        version = profile.rpartition("/")[2]
        yield {"@id": profile, "@type": "CreativeWork", "name": profile, "version": version}
    yield {
        "@id": SNAKEMAKE,
        "@type": "ComputerLanguage",
        "name": "Snakemake",
        "identifier": {"@id": "https://snakemake.github.io"},
        "url": {"@id": "https://snakemake.github.io"},
        "version": manifest["software"]["snakemake"],
    }
    yield {
        "@id": RUN,
        "@type": "CreateAction",
        "name": f"A run of disrupting-harm {__version__}",
        "instrument": {"@id": WORKFLOW},
        "object": [{"@id": f"#{name}"} for name, _ in definitions],
        "result": results,
        "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
    }
    for name, digest in definitions:
        yield {"@id": f"#{name}", "@type": "PropertyValue", "name": name, "value": digest}


def _describe_files(files: dict[str, Path]) -> Iterator[Entity]:
    for name, path in files.items():
        media_type = mimetypes.guess_type(name, strict=False)[0]
        entity: Entity = {
            "@id": name,
            "@type": "File",
            "name": name,
            "contentSize": str(path.stat().st_size),
            "encodingFormat": media_type or "text/plain",
            "sha256": sha256(path),
        }
        if name == WORKFLOW:
            entity |= {
                "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
                "programmingLanguage": {"@id": SNAKEMAKE},
                "version": __version__,
            }
        yield entity
