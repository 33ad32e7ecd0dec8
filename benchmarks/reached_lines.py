"""Plugin of pytest: write which lines of the library each test runs, and its CPU seconds.

One line of JSON per test: its name, CPU seconds when it is run alone, and the lines by module. What
a fixture of a whole file or session ran counts for every test that uses it. Lines run in other
processes are not seen. From Python 3.12 on.

    REACHED_LINES=lines.jsonl python -m pytest -p reached_lines
"""

import json
import os
import sys
from collections.abc import Generator
from pathlib import Path
from types import CodeType

import pytest

ROOT = Path(__file__).parents[1]
# The folders that hold the packages: modules are named from there.
SOURCES = tuple(f"{ROOT / source}{os.sep}" for source in ("src", "engine/src"))
TOOL = sys.monitoring.COVERAGE_ID
Line = tuple[str, int]


class Reached:
    """What runs now, and what the fixtures of more than one test ran."""

    def __init__(self, out: Path) -> None:
        self.file = out.open("w", encoding="utf-8")
        # The lines of the test, and on top of them those of the fixtures that are being made.
        self.running: list[set[Line]] = [set()]
        self.fixtures: dict[tuple[str, str], tuple[set[Line], float]] = {}
        sys.monitoring.use_tool_id(TOOL, "reached lines")
        sys.monitoring.register_callback(TOOL, sys.monitoring.events.LINE, self._line)
        sys.monitoring.set_events(TOOL, sys.monitoring.events.LINE)

    def _line(self, code: CodeType, number: int) -> object:
        for source in SOURCES:
            if code.co_filename.startswith(source):
                self.running[-1].add((code.co_filename.removeprefix(source), number))
        # Each line once a test: it is looked for anew when the next one begins.
        return sys.monitoring.DISABLE

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object]
    ) -> Generator[None, object, object]:
        """Keep apart what a fixture of more than one test runs."""
        if fixturedef.scope == "function":
            return (yield)
        self.running.append(set())
        sys.monitoring.restart_events()
        start = _cpu_seconds()
        try:
            return (yield)
        finally:
            lines = self.running.pop()
            self.running[-1] |= lines
            key = (fixturedef.argname, fixturedef.baseid)
            self.fixtures[key] = (lines, _cpu_seconds() - start)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Function) -> Generator[None, object, object]:
        """Write what a test ran, with the fixtures that an earlier one asked for first."""
        self.running = [set()]
        made = set(self.fixtures)
        sys.monitoring.restart_events()
        start = _cpu_seconds()
        try:
            return (yield)
        finally:
            seconds = _cpu_seconds() - start
            lines = self.running[0]
            for name, place in made:
                if name in item.fixturenames and item.nodeid.startswith(place):
                    earlier, cost = self.fixtures[name, place]
                    lines, seconds = lines | earlier, seconds + cost
            self._write(item.nodeid, seconds, lines)

    def _write(self, test: str, seconds: float, lines: set[Line]) -> None:
        by_module: dict[str, list[int]] = {}
        for module, number in sorted(lines):
            by_module.setdefault(module, []).append(number)
        self.file.write(json.dumps([test, round(seconds, 3), by_module]) + "\n")

    def pytest_sessionfinish(self) -> None:
        """Stop looking."""
        sys.monitoring.set_events(TOOL, sys.monitoring.events.NO_EVENTS)
        sys.monitoring.free_tool_id(TOOL)
        self.file.close()


def _cpu_seconds() -> float:
    """Return the CPU seconds of this process and those that it started."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def pytest_configure(config: pytest.Config) -> None:
    """Begin to look."""
    config.pluginmanager.register(Reached(Path(os.environ["REACHED_LINES"])))
