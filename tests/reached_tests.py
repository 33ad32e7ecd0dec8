"""Run the tests that a change reaches, for the time while one works.

    python tests/reached_tests.py                 # of this branch, and what is not committed
    python tests/reached_tests.py --base HEAD~3 --list
    python tests/reached_tests.py --runs -x       # whole studies, too; the rest goes to pytest

A changed module reaches the tests that import it, directly or through others. Any other file
reaches the modules that name it, or the nearest of its folders that is named, and through them
their tests. Tests of whole studies read nearly everything: they are counted, and run by ``--runs``
alone.
"""

import argparse
import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

import grimp
from repository import PROJECT

SOURCES = ("src", "engine/src")
# Folders whose modules are imported by their bare names, as pytest and benchmarks find them.
HELPERS = ("tests", "tests/unit", "tests/redteam", "benchmarks")
FOLDERS = ("tests", "engine/tests", "benchmarks")
# The module that runs whole studies, and what it copies for them.
RUNNER = "tests.checkout"
COPIED = ("Snakefile", "pyproject.toml", "config", "engine/src", "profiles", "src", "workflow")
NOT_PROVED = """\
This proves no change: slow tests are left out, a test may make the name of a file while it runs,
and settings of pytest or another Python are not followed. `make test-all` runs all tests."""


class ReachOfChanges:
    """Which files of tests the files of a project reach; ``root`` is its folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def graph(self) -> grimp.ImportGraph:
        """Who imports whom. A module needs its package, a test its helpers and its fixtures."""
        packages = [file.parent.name for source in SOURCES for file in self._packages_in(source)]
        folders = [name.replace("/", ".") for name in FOLDERS if (self.root / name).is_dir()]
        path = sys.path[:]
        # A library that is installed may have a package that is called as one of our folders.
        sys.path[:] = [str(self.root / name) for name in ("", *SOURCES)]
        sys.path += [name for name in path if name and "site-packages" not in name]
        try:
            graph = grimp.build_graph(
                *packages, *folders, include_external_packages=True, cache_dir=None
            )
        finally:
            sys.path[:] = path
        files = {module: file for module in graph.modules if (file := self._file_of(module))}
        for module, file in files.items():
            beside = file.parent.relative_to(self.root).as_posix()
            for name in graph.find_modules_directly_imported_by(module) - files.keys():
                for folder in (beside, *HELPERS):
                    if (helper := f"{folder}/{name}".replace("/", ".")) in files:
                        graph.add_import(importer=module, imported=helper)
            if (package := module.rpartition(".")[0]) in files:
                graph.add_import(importer=module, imported=package)
            if file.name == "conftest.py":
                for test in _tests_below(file.parent, files):
                    if _list_fixtures(file) & _list_arguments(files[test]):
                        graph.add_import(importer=test, imported=module)
        return graph

    @cached_property
    def files(self) -> dict[str, Path]:
        """The file of each module."""
        modules = sorted(self.graph.modules)
        return {module: file for module in modules if (file := self._file_of(module))}

    @cached_property
    def runs(self) -> set[str]:
        """Files of tests that run whole studies."""
        return set(self._find_tests({RUNNER} & self.files.keys()))

    def find_tests(self, changed: str) -> list[str]:
        """Return the files of tests that a file reaches, those of the nearest importers first.

        Paths are those below ``root``.
        """
        path = Path(changed)
        if path.name == "conftest.py":
            return self._find_tests({*_tests_below(self.root / path.parent, self.files)})
        if path.suffix == ".py" and (module := self._find_module(changed)):
            tests = self._find_tests([module])
        else:
            tests = self._find_tests(self._find_readers(path))
        runs = sorted(self.runs - set(tests)) if changed.startswith(COPIED) else []
        return [*tests, *runs]

    def _find_module(self, changed: str) -> str:
        """Return the module of a file, or the nearest package of one that is gone; "" for none."""
        for source in SOURCES:
            changed = changed.removeprefix(f"{source}/")
        module = changed.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        while module and module not in self.graph.modules:
            module = module.rpartition(".")[0]
        return module

    def _find_readers(self, path: Path) -> set[str]:
        """Return the modules of a file's package, and those that name the file or a folder."""
        readers = self._find_naming(path, rf"[\"'/]{re.escape(path.name)}[\"']")
        if path.as_posix().startswith(SOURCES):
            folder = self.root / path.parent
            readers |= {module for module, file in self.files.items() if file.parent == folder}
        for folder in path.parents[:-1]:
            # A folder's name alone may be any word; behind a slash it is part of a path.
            start = r"/[ \"']*" if folder.parent.name else "[\"']"
            if naming := self._find_naming(path, rf"{start}{re.escape(folder.name)}/?[\"']"):
                return readers | naming
        return readers

    def _find_naming(self, path: Path, pattern: str) -> set[str]:
        # What no run has in its folder, such as a page of docs/, is read by tests alone.
        library = path.as_posix().startswith(COPIED)
        return {
            module
            for module, text in self._texts.items()
            if (library or not module.startswith(tuple(self._library))) and re.search(pattern, text)
        }

    @cached_property
    def _library(self) -> list[str]:
        return [file.parent.name for source in SOURCES for file in self._packages_in(source)]

    @cached_property
    def _texts(self) -> dict[str, str]:
        """The source of each module; parts of a path that are joined stand as one text."""
        return {
            module: re.sub(r"[\"'] / [\"']", "/", file.read_text(encoding="utf-8"))
            for module, file in self.files.items()
            if module != "tests.reached_tests"
        }

    def _find_tests(self, modules: Iterable[str]) -> list[str]:
        nearest: dict[str, None] = {}
        level = sorted({*modules} & self.graph.modules)
        while level:
            nearest |= dict.fromkeys(level)
            importers = map(self.graph.find_modules_that_directly_import, level)
            level = sorted(set[str]().union(*importers) - nearest.keys())
        files = (self.files[module] for module in nearest if module in self.files)
        return [
            file.relative_to(self.root).as_posix()
            for file in files
            if file.name.startswith("test_")
        ]

    def _packages_in(self, source: str) -> list[Path]:
        return sorted((self.root / source).glob("*/__init__.py"))

    def _file_of(self, module: str) -> Path | None:
        stems = [self.root / source / module.replace(".", "/") for source in ("", *SOURCES)]
        files = [file for stem in stems for file in (Path(f"{stem}.py"), stem / "__init__.py")]
        return next((file for file in files if file.is_file()), None)


def list_changed_files(root: Path, base: str | None) -> list[str]:
    """Return the files that differ from ``base``, by default from where this branch left main."""
    base = base or _git(root, "merge-base", "main", "HEAD")[0]
    untracked = _git(root, "ls-files", "--others", "--exclude-standard")
    return sorted({*_git(root, "diff", "--name-only", "--no-renames", base), *untracked})


def _git(root: Path, *arguments: str) -> list[str]:
    command = ["git", "-c", "core.quotePath=false", *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def _tests_below(folder: Path, files: dict[str, Path]) -> list[str]:
    return [
        module
        for module, file in files.items()
        if file.is_relative_to(folder) and file.name.startswith("test_")
    ]


def _list_fixtures(file: Path) -> set[str]:
    return {
        node.name
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and any("fixture" in ast.unparse(decorator) for decorator in node.decorator_list)
    }


def _list_arguments(file: Path) -> set[str]:
    """Return what functions take: the names by which tests and fixtures ask for fixtures."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Say which tests a change reaches and run them; return pytest's exit status."""
    parser = argparse.ArgumentParser(
        description="run the tests that a change reaches", allow_abbrev=False
    )
    parser.add_argument("--base", help="a commit; default: where this branch left main")
    parser.add_argument("--runs", action="store_true", help="with the tests of whole studies")
    parser.add_argument("--list", action="store_true", help="print the files, and run nothing")
    parser.add_argument("--root", type=Path, default=PROJECT, help="another project")
    options, for_pytest = parser.parse_known_args(arguments)
    reach = ReachOfChanges(options.root.resolve())
    reached: dict[str, None] = {}
    all_changed = list_changed_files(reach.root, options.base)
    for changed in all_changed:
        tests = reach.find_tests(changed)
        runs = len(reach.runs.intersection(tests))
        print(f"{changed}: {len(tests) - runs} files of tests, {runs} of whole studies")
        reached |= dict.fromkeys(tests)
    left_out = set() if options.runs else reach.runs.difference(all_changed)
    files = [test for test in reached if test not in left_out]
    if len(files) < len(reached):
        print(f"Left out: {len(reached) - len(files)} files of tests of whole studies (--runs)")
    print(NOT_PROVED, flush=True)
    if options.list or not files:
        print("\n".join(files) or "No test to run.")
        return 0
    command = [sys.executable, "-m", "pytest", "-m", "not slow", *files, *for_pytest]
    return subprocess.run(command, cwd=reach.root, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
