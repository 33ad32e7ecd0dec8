"""A search for restricted numbers and rows in everything that a public file contains.

``texts`` opens a file as an attacker would: markup is read with and without its tags, images that
are embedded in pages and documents are opened, too. ``Secrets`` knows the restricted values and
finds any number of six or more significant digits that one of them rounds to, as a share or in per
cent.
"""

import base64
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pypdf
from packed_tables import unpacked

TEXTS = {".json", ".qmd", ".css", ".js", ".typ", ".yml", ".md", ".bib", ".lua", ".txt", ".r"}
MARKUP = {".html", ".svg", ".xml", ".rels"}
FONTS = {".woff", ".woff2", ".ttf", ".odttf"}
EMBEDDED = re.compile(r"data:(?P<kind>[\w/+.-]+);base64,(?P<data>[A-Za-z0-9+/=]+)")
# Coordinates of drawings: thousands of long numbers that say where ink is.
COORDINATES = re.compile(
    r"\s(?:d|x|y|x1|x2|y1|y2|cx|cy|transform|points|viewBox|width|height|textLength|style)=\"[^\"]*\""
)
ENDS = re.compile(r"</(?:w:p|w:tc|p|td|th|li|c)>")
NUMBER = re.compile(r"(?<![\w.])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e-?\d+)?(?!\w)")
DIGITS = 6
# Numbers that the countries file gives.
GIVEN = ["population", "population_year", "internet_use_rate"]


def texts(name: str, content: bytes) -> Iterator[str]:
    """Yield every text that a file holds; an unknown type of file is an error."""
    kind = "." + name.lower().rpartition(".")[2]
    if kind == ".csv":
        # Here a comma separates numbers and not their thousands.
        yield content.decode("utf-8").replace(",", " , ")
    elif kind in TEXTS:
        yield content.decode("utf-8")
    elif kind in MARKUP:
        yield from _markup(content.decode("utf-8"))
    elif kind == ".pdf":
        reader = pypdf.PdfReader(io.BytesIO(content))
        yield json.dumps({key: str(value) for key, value in (reader.metadata or {}).items()})
        for page in reader.pages:
            yield page.extract_text()
    elif kind in {".docx", ".xlsx"}:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for member in package.namelist():
                yield from texts(member, package.read(member))
    elif kind == ".gzip":
        for columns in unpacked(content).values():
            yield from ("\n".join(cells) for cells in columns.values())
    elif kind == ".png":
        yield from _png_notes(content)
    elif kind not in FONTS:
        raise ValueError(f"no reader for {name}")


def public_texts(
    public: Path, which: Callable[[Path], bool] = Path.is_file
) -> Iterator[tuple[str, str]]:
    """Yield the path and each text of all files below a folder, or of those that are chosen."""
    for path in filter(which, sorted(public.rglob("*"))):
        if path.is_file():
            for text in texts(path.name, path.read_bytes()):
                yield path.relative_to(public).as_posix(), text


def _markup(text: str) -> Iterator[str]:
    for found in EMBEDDED.finditer(text):
        kind = found["kind"].rpartition("/")[2].partition("+")[0]
        yield from texts(f"embedded.{kind}", base64.b64decode(found["data"]))
    bare = COORDINATES.sub("", EMBEDDED.sub("", text))
    yield bare
    # A number may be split by tags, but not by the end of a cell or a paragraph.
    yield re.sub(r"<[^>]*>", "", ENDS.sub(" ", bare))


def _png_notes(content: bytes) -> Iterator[str]:
    place = 8
    while place < len(content):
        length = int.from_bytes(content[place : place + 4], "big")
        kind, data = content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        if kind in (b"tEXt", b"iTXt"):
            yield data.decode("latin-1")
        elif kind == b"zTXt":
            yield zlib.decompress(data.partition(b"\0")[2][1:]).decode("latin-1")
        place += 12 + length


@dataclass(frozen=True)
class Secrets:
    """Restricted numbers, sorted."""

    values: np.ndarray

    @classmethod
    def of(cls, release: pd.DataFrame, *derived: pd.DataFrame) -> "Secrets":
        """Take what no public file may tell of restricted tables at full precision.

        Of hidden cells every number. Of shown cells the unrounded estimate and limits, and the
        standard error and what derives from it; their population is public in hundreds. Of tables
        derived from them every number but those of the countries file.
        """
        names = ["estimate", "ci_low", "ci_high", "se", "deff", "n_eff"]
        hidden = release.loc[release["status"].str.startswith("suppress"), "population"]
        numbers = [table.select_dtypes("float").drop(columns=GIVEN, errors="ignore")
                   for table in derived]  # fmt: skip
        parts = [release[names], hidden, *numbers]
        values = np.concatenate([part.to_numpy(dtype=float).ravel() for part in parts])
        values = np.unique(values[np.isfinite(values) & (values > 0)])
        # Numbers that are round themselves, such as a limit of 1, are no secret by their digits.
        values = values[[_significant(f"{value:.12g}") >= DIGITS for value in values]]
        return cls(np.unique(np.concatenate([values, 100 * values])))

    def found_in(self, text: str) -> list[str]:
        """Return the numbers in a text that give a secret away."""
        tokens = [token for token in NUMBER.findall(text) if _significant(token) >= DIGITS]
        return [token for token in tokens if self._gives_away(token)]

    def _gives_away(self, token: str) -> bool:
        plain = token.replace(",", "")
        value = float(plain)
        if not np.isfinite(value):
            return False  # a hash such as 3418735e2138 is no number
        mantissa, _, exponent = plain.partition("e")
        unit = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
        # Rounded or cut off: less than one unit of the last digit away.
        near = np.searchsorted(self.values, [value - unit, value + unit])
        return bool(near[0] < near[1])


def _significant(token: str) -> int:
    mantissa = token.partition("e")[0].replace(",", "")
    digits = mantissa.replace(".", "").lstrip("0")
    return len(digits if "." in mantissa else digits.rstrip("0"))


def leaks(
    public: Path,
    secrets: Secrets,
    words: Iterable[str] = (),
    which: Callable[[Path], bool] = Path.is_file,
) -> list[str]:
    """Return every place of a public folder, or of some of its files, that tells a secret."""
    words = tuple(words)
    found = []
    for name, text in public_texts(public, which):
        found += [f"{name}: {token}" for token in secrets.found_in(text)]
        found += [f"{name}: {word}" for word in words if word in text]
    return found
