"""What becomes of a run whose input was mutated: it stops with a place, or what it makes."""

import contextlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pipeline
from mutations import Mutation, write_files

from disrupting_harm.core.errors import StudyError, format_stack

EXPECTED = Path(__file__).parent / "expected.csv"
HEADER = ("mutation", "file", "what it does", "class", "place")
STOPPED, SAME, CHANGED, TRACEBACK = "stopped", "same output", "changed", "traceback"


@dataclass(frozen=True)
class Result:
    """What came of a mutation.

    Attributes:
        mutation: what was done.
        kind: its class.
        place: where the message points, without the study's folder; "" where nothing stopped.
        check: how `check` disagrees; "" where it stops if and only if the run does.
        said: the whole message.
    """

    mutation: Mutation
    kind: str
    place: str
    check: str
    said: str

    def row(self) -> tuple[str, ...]:
        """Return the row of the committed list."""
        one = self.mutation
        return one.name, one.file, one.what, self.kind, self.place


def classified(chosen: Iterable[Mutation], folder: Path) -> Iterator[Result]:
    """Run the study as it is, and with each of the mutations."""
    plain = folder / "plain"
    plain.mkdir()
    write_files(plain)
    with pipeline.quick():
        made = pipeline.run(plain)
        assert not pipeline.check(plain)
        for number, mutation in enumerate(chosen):
            own = folder / str(number)
            own.mkdir()
            mutation.write(own)
            yield _result(mutation, own, made)


def _result(mutation: Mutation, folder: Path, made: pipeline.Outputs) -> Result:
    kind, place, said = STOPPED, "", ""
    try:
        kind = SAME if pipeline.run(folder) == made else CHANGED
    except StudyError as fault:
        place, said = _within(fault.where, folder), str(fault)
    except Exception as error:
        kind, said = TRACEBACK, format_stack(error)
    return Result(mutation, kind, place, _disagreement(kind, place, folder), said)


def _within(text: str, folder: Path) -> str:
    return text.replace(f"{folder}/", "").replace(str(folder), ".")


def _disagreement(kind: str, place: str, folder: Path) -> str:
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            found = _within(pipeline.check(folder), folder)
    except Exception as error:
        return format_stack(error)
    if kind == STOPPED:
        return "" if place in found else found or "nothing"
    return found
