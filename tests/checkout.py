"""A copy of the workflow in a folder of its own, and runs in it as a user starts them."""

import contextlib
import hashlib
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from repository import PROJECT, python_path

from disrupting_harm.__main__ import main

PARTS = ("Snakefile", "pyproject.toml", "config", "engine", "profiles", "src", "workflow")
# The two countries of the small study: one with reports in English, one in Khmer, too.
SMALL = ("KEN", "KHM")
# Other circumstances of a run, which are to give the same bytes.
ELSEWHERE = {
    "TZ": "Asia/Kathmandu",
    "LC_ALL": "C",
    "LANG": "fr_FR.UTF-8",
    "PYTHONHASHSEED": "4711",
    "OPENBLAS_NUM_THREADS": "2",
    "HOME": "/proc/no-such-home",
}


@dataclass(frozen=True)
class Checkout:
    """A copy of the workflow."""

    folder: Path

    def run(
        self,
        *arguments: str,
        config: str = "config/config.yaml",
        environment: Mapping[str, str | None] | None = None,
        umask: int = -1,
    ) -> subprocess.CompletedProcess[str]:
        """Run a study in this folder; what people see is on ``stderr``.

        Args:
            arguments: further arguments of the command.
            config: the study's configuration.
            environment: variables to set, and those to take away (None).
            umask: of the run; -1: that of the tests.
        """
        variables = {**self.environment(), **(environment or {})}
        return subprocess.run(
            self.command(config, *arguments),
            cwd=self.folder,
            env={name: value for name, value in variables.items() if value is not None},
            capture_output=True,
            text=True,
            umask=umask,
            check=False,
        )

    def run_command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Use another command of the library in this folder, in a Python of its own."""
        return subprocess.run(
            [sys.executable, "-m", "disrupting_harm", *words],
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    def say(
        self, *words: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Use another command in this folder, without a Python of its own that starts anew."""
        out, err = io.StringIO(), io.StringIO()
        with (
            contextlib.chdir(self.folder),
            patch.dict(os.environ, environment or {}),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            status = main([*words])
        return subprocess.CompletedProcess(words, status, out.getvalue(), err.getvalue())

    def plan(self, *arguments: str, config: str = "config/config.yaml") -> list[str]:
        """Return the jobs of a dry run as "stage" or "stage COUNTRY", sorted."""
        shown = self.run("--dry-run", *arguments, config=config)
        assert shown.returncode == 0, shown.stderr
        lines = [line for line in shown.stderr.splitlines() if line.startswith("  ")]
        jobs = [f"{line[2:22].strip()} {line[23:27].strip()}".strip() for line in lines]
        announced = f"{len(jobs)} jobs would run:" if jobs else "Nothing to do"
        assert announced in shown.stderr
        return sorted(job for job in jobs if job != "all")

    def command(self, config: str, *arguments: str) -> list[str]:
        """Return the command that runs a study in this folder."""
        command = [sys.executable, "-m", "disrupting_harm", "run", "--config", config]
        return [*command, "--cores", "2", *arguments]

    def environment(self) -> dict[str, str]:
        """Return the environment in which the copy's own library is used."""
        # Users do not set this; without it, Python's own files appear beside the modules.
        kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        return {**kept, "PYTHONPATH": python_path(self.folder)}

    def print_databooks(self, config: str = "config/config.yaml") -> None:
        """Make data books as PDF, too, from now on."""
        self.edit(config, "\nreport:\n", "\nreport:\n  databook_pdf: true\n")

    def restrict(self, countries: tuple[str, ...], config: str = "config/config.yaml") -> None:
        """Run these countries only, from now on."""
        path = self.folder / config
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith("only:")]
        path.write_text("".join([*kept, f"only: [{', '.join(countries)}]\n"]), encoding="utf-8")

    def copy_to(self, folder: Path) -> "Checkout":
        """Copy all of it, results too, into a new folder, and return the copy."""
        return Checkout(Path(shutil.copytree(self.folder, folder, symlinks=True)))

    @contextlib.contextmanager
    def restored(self, *paths: str) -> Iterator[None]:
        """Let files be changed inside the block; afterwards they are as before, in time, too."""
        files = [self.folder / path for path in paths]
        before = [(file.read_bytes(), file.stat()) for file in files]
        try:
            yield
        finally:
            for file, (content, status) in zip(files, before, strict=True):
                file.write_bytes(content)
                os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text that stands once in a file."""
        text = (self.folder / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{path}: {text.count(old)} times {old!r}"
        (self.folder / path).write_text(text.replace(old, new), encoding="utf-8")


def make_checkout(folder: Path) -> Checkout:
    """Copy everything that a run needs into ``folder``."""
    folder.mkdir(parents=True)
    for part in PARTS:
        source = PROJECT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, folder / part)
    return Checkout(folder)


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
