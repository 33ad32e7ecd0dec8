"""A fixed job, in whose processor seconds those of other jobs can be told on any machine and day.

    python benchmarks/unit.py    print the seconds of a unit and of its parts

The job has the study's own mix: plain Python, NumPy, zlib, letters set side by side and a page set
by Typst. It uses nothing of the project, whose code changes, and stops where its result is not that
of every other machine: then it did other work, and its seconds are not a unit.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

# Half of the study is plain Python; the rest follows what figures and documents use.
REPEATS = {"python": 110, "numpy": 14, "zlib": 60, "letters": 1, "typst": 11}
RESULT = "15a17fdac8231e82"
# Rows share the units around them for so long, in seconds by the clock.
SHARED_FOR = 60.0
# A row whose units before and after differ by more says so.
STEADY = 0.1


class Unit(NamedTuple):
    """Processor seconds of the fixed job before and after a measurement."""

    before: float
    after: float

    @property
    def seconds(self) -> float:
        """Seconds of a unit during the measurement."""
        return (self.before + self.after) / 2

    @property
    def steady(self) -> bool:
        """Whether the machine was as fast after the measurement as before."""
        return abs(self.after - self.before) <= STEADY * self.seconds


def measure_unit() -> float:
    """Return the processor seconds of the fixed job, in a process of its own with one thread."""
    return sum(measure_parts().values())


def measure_parts() -> dict[str, float]:
    """Return the processor seconds of each part of the fixed job."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"}
    command = [sys.executable, __file__, "--work"]
    done = subprocess.run(
        command, env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    found = json.loads(done)
    if found["result"] != RESULT:
        raise SystemExit(
            "benchmarks/unit.py: the fixed job has another result than everywhere else "
            f"({found['result']}): libraries differ from requirements-dev.lock. Install those, or, "
            "where the lock was renewed, put this result into RESULT and measure all pages anew"
        )
    return found["seconds"]


def in_units(rows: Iterable[Any]) -> Iterator[Any]:
    """Yield rows that are measured one by one with the unit before and after each.

    Rows that took less than ``SHARED_FOR`` together share both.
    """
    waiting: list[Any] = []
    before, taken = measure_unit(), time.monotonic()
    for row in rows:
        print(f"measured: {row.name}, {row.seconds:.2f} s; {row.basis}", flush=True)
        waiting.append(row)
        if time.monotonic() - taken > SHARED_FOR:
            after = measure_unit()
            yield from (each._replace(unit=Unit(before, after)) for each in waiting)
            waiting, before, taken = [], after, time.monotonic()
    if waiting:
        unit = Unit(before, measure_unit())
        yield from (each._replace(unit=unit) for each in waiting)


def do_work() -> None:
    """Do the fixed job and print its seconds and its result as JSON."""
    seconds, result = {}, sha256()
    for name, (prepare, part) in PARTS.items():
        tools = prepare()
        begin = time.process_time()
        for turn in range(REPEATS[name]):
            result.update(part(tools, turn))
        seconds[name] = time.process_time() - begin
    print(json.dumps({"seconds": seconds, "result": result.hexdigest()[:16]}))


def describe_cells(_: None, turn: int) -> bytes:
    """Plain Python: dictionaries grouped, sorted, formatted, escaped and searched."""
    groups: dict[tuple[str, str], list[dict[str, int]]] = {}
    for number in range(12_000):
        at = (number * 7919 + turn) % 104_729
        key = (f"country {at % 14:02d}", f"indicator <{at % 61}>")
        groups.setdefault(key, []).append({"n": at % 97 + 3, "yes": at % 3})
    lines = []
    for (country, indicator), cells in sorted(groups.items()):
        n, yes = (sum(cell[name] for cell in cells) for name in ("n", "yes"))
        words = f"In {country}, {100 * yes / n:.1f} per cent of {n:,} children: {indicator}."
        lines.append("".join(f"<td>{escape(word)}</td>" for word in words.split(" ")))
    text = re.sub(r"(\d+)\.(\d)", lambda match: f"{match[1]},{match[2]}", "\n".join(lines))
    return text.encode()


def load_answers() -> Any:
    """Whole numbers, whose sums are exact in any order."""
    import numpy as np

    place = np.arange(100_000, dtype=np.int64) * 7919 % 104_729
    weights = (place % 997 + 1).astype(float)
    return np, place, weights, np.arange(160_000, dtype=float).reshape(400, 400) % 7


def add_answers(tools: Any, turn: int) -> bytes:
    """NumPy: weighted sums by PSU, an order and a product of matrices."""
    np, place, weights, matrix = tools
    sums = [np.bincount(place % 500, weights * (place % k == 0), 500) for k in range(2, 14)]
    order = np.argsort((place + turn) % 65_521, kind="stable")
    product = (matrix @ matrix).sum(axis=0)
    return b"".join([np.array(sums).tobytes(), order.astype("<i8").tobytes(), product.tobytes()])


def draw_picture() -> bytes:
    """A picture of 1,200 times 500 points with areas and lines, as figures have them."""
    line = bytes(range(0, 240, 2)) * 4 + b"\xff" * 688
    return b"".join(line[at % 37 :] + sha256(line[: at % 37]).digest() for at in range(500))


def pack_picture(picture: bytes, turn: int) -> bytes:
    """zlib: pictures and workbooks packed as small as it can."""
    return zlib.compress(picture[turn:], 9)


def load_font() -> Any:
    """DejaVu Sans, which comes with matplotlib."""
    import matplotlib
    from matplotlib.ft2font import FT2Font, LoadFlags

    font = FT2Font(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf")
    font.set_size(64, 72)
    return font, LoadFlags.NO_HINTING


def shape_words(tools: Any, turn: int) -> bytes:
    """Letters set side by side as matplotlib does it, and their outlines."""
    font, flags = tools
    found = []
    for number in range(700):
        font.set_text(f"Tỷ lệ trẻ em {number} ({turn} %): Ĳssel fi", 0.0, flags=flags)
        found.append(font.get_width_height()[0])
    for letter in (*range(0x21, 0x7F), *range(0xA1, 0x180)):
        font.load_char(letter, flags=flags)
        found.append(len(font.get_path()[0]))
    return json.dumps(found).encode()


def load_typst() -> Any:
    import typst

    return typst, typst.Fonts(include_system_fonts=False)


def set_pages(tools: Any, turn: int) -> bytes:
    """Typst: pages of text and a table in its own font, tagged as documents are."""
    typst, fonts = tools
    text = "Of all children who used the internet, some told nobody what had happened. " * 12
    cells = ", ".join(f"[cell {turn}], [{at * 7919 % 1000}], [*{at}*]" for at in range(240))
    pages = (
        '#set document(title: "A page", date: none)\n#set text(lang: "en")\n'
        + "".join(f"= Chapter {number}\n{text}\n\n" for number in range(8))
        + f"#table(columns: 6, {cells})\n"
    )
    return typst.compile(
        pages.encode(), font_paths=fonts, pdf_standards=["ua-1"], timestamp=1_600_000_000
    )


PARTS: dict[str, tuple[Callable[[], Any], Callable[[Any, int], bytes]]] = {
    "python": (lambda: None, describe_cells),
    "numpy": (load_answers, add_answers),
    "zlib": (draw_picture, pack_picture),
    "letters": (load_font, shape_words),
    "typst": (load_typst, set_pages),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--work", action="store_true", help="do the job and print it as JSON")
    options = parser.parse_args()
    if options.work:
        do_work()
        return
    parts = measure_parts()
    for name, seconds in {**parts, "all": sum(parts.values())}.items():
        print(f"{name:10}{seconds:8.3f} s")


if __name__ == "__main__":
    main()
