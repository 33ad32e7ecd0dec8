"""A survey in Parquet files: its design, found in a first pass, and its rows, piece by piece."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from numpy.typing import NDArray

from disrupting_harm.arrays import Floats, Integers
from disrupting_harm.errors import StudyError
from disrupting_harm.survey.design.coding import Outcomes, Statistic, code_outcomes
from disrupting_harm.survey.design.levels import Levels
from disrupting_harm.survey.design.lonely import LonelyPsu
from disrupting_harm.survey.design.rows import Rows
from disrupting_harm.survey.design.survey_design import SurveyDesign
from disrupting_harm.survey.streaming.arrow_columns import codes, floats, plain, yes_and_no

Paths: TypeAlias = str | Path | Sequence[str | Path]
# Levels by domain; None where they are those found in the data.
DomainLevels: TypeAlias = Mapping[str, Sequence[Any] | None]

ROWS_READ = 65_536


@dataclass(frozen=True)
class DesignColumns:
    """The columns that make a design: ``stratum`` and ``fpc`` may be None."""

    weight: str
    stratum: str | None
    psu: str
    fpc: str | None

    @property
    def keys(self) -> list[str]:
        """The columns that tell PSUs apart."""
        return [self.psu] if self.stratum is None else [self.stratum, self.psu]

    @property
    def all(self) -> list[str]:
        """Every column there is."""
        return [self.weight, *self.keys, *([] if self.fpc is None else [self.fpc])]


@dataclass(frozen=True, eq=False)
class ParquetSurvey:
    """A survey whose rows stay on disk. Open it with :meth:`open`.

    Attributes:
        data: the rows.
        columns: the columns of the design.
        psus: one row per PSU: its keys and its weight.
        design: the design of the rows of ``psus``.
        domains: the levels of each domain.
    """

    data: ds.Dataset
    columns: DesignColumns
    psus: pd.DataFrame
    design: SurveyDesign
    domains: dict[str, pd.Index]

    @classmethod
    def open(
        cls,
        paths: Paths,
        columns: DesignColumns,
        indicators: Sequence[str],
        domains: DomainLevels,
        lonely_psu: LonelyPsu,
    ) -> "ParquetSurvey":
        """Check the columns, and read the design and the levels of the domains.

        Raises:
            StudyError: a file or column is missing, an indicator is not numeric, a domain holds
                other values than its levels, or the design columns are at fault.
        """
        data = _dataset(paths, [*columns.all, *indicators, *domains])
        for name in [columns.weight, *indicators]:
            _require_numbers(data, name)
        psus: pa.Table | None = None
        found: dict[str, pa.Array] = {name: pa.array([], _type(data, name)) for name in domains}
        for first_row, batch in _batches(data, [*columns.all, *domains]):
            _check_design(batch, columns, first_row)
            psus = _add_psus(psus, batch, columns)
            for name, values in found.items():
                found[name] = pa.concat_arrays([values, plain(batch[name]).unique()]).unique()
        if psus is None:
            raise StudyError("survey data", "no rows", "Give one row per respondent")
        frame = psus.to_pandas()
        design = SurveyDesign.from_frame(
            frame, columns.weight, columns.stratum, columns.psu, columns.fpc, lonely_psu=lonely_psu
        )
        levels = {name: _levels(name, given, found[name]) for name, given in domains.items()}
        return cls(data, columns, frame, design, levels)

    def pieces(
        self, indicators: list[str], statistics: Mapping[str, Statistic]
    ) -> Iterator[tuple[Integers, Floats, Levels, Outcomes]]:
        """Yield PSUs, weights, levels and outcomes of some rows, until all are read.

        Raises:
            StudyError: an answer does not fit its statistic.
        """
        weight, keys = self.columns.weight, self.columns.keys
        for first_row, batch in _batches(self.data, [weight, *keys, *self.domains, *indicators]):
            outcomes = yes_and_no(batch, indicators, statistics)
            if outcomes is None:
                frame = pd.DataFrame({name: floats(batch[name]) for name in indicators})
                outcomes = code_outcomes(frame, Rows(len(batch)), statistics, first_row)
            yield self._units(batch), floats(batch[weight]), self._levels_of(batch), outcomes

    @cached_property
    def levels(self) -> Levels:
        """All levels, without rows."""
        if not self.domains:
            return Levels(["total"], ["all"], [], [0])
        sizes = [len(values) for values in self.domains.values()]
        return Levels(
            domain=np.repeat(list(self.domains), sizes).tolist(),
            name=[str(value) for values in self.domains.values() for value in values.tolist()],
            codes=[],
            start=np.cumsum([0, *sizes[:-1]]).tolist(),
        )

    def _levels_of(self, batch: pa.RecordBatch) -> Levels:
        found = [codes(batch[name], values) for name, values in self.domains.items()]
        everyone: Integers = np.zeros(len(batch), dtype=np.intp)
        return replace(self.levels, codes=[*found] if found else [everyone])

    def _units(self, batch: pa.RecordBatch) -> Integers:
        """(n,) index of each row's PSU in the design."""
        of_psus, psus = self._psu_codes
        columns = [codes(batch[name], values) for name, values in self._key_values.items()]
        joined = self._joined(columns)
        # Files are sorted by PSU, mostly: each is looked up where it begins.
        start = np.flatnonzero(np.diff(joined, prepend=-1))
        found = psus[np.searchsorted(of_psus, joined[start])]
        return np.repeat(found, np.diff(start, append=len(joined)))

    @cached_property
    def _key_values(self) -> dict[str, pd.Index]:
        return {name: pd.Index(self.psus[name].unique()) for name in self.columns.keys}

    @cached_property
    def _psu_codes(self) -> tuple[Integers, Integers]:
        """(P,) joined codes of the PSUs, ascending, and their indices in the design."""
        columns = [
            index.get_indexer(pd.Index(self.psus[name])) for name, index in self._key_values.items()
        ]
        joined = self._joined(columns)
        order = np.argsort(joined)
        return joined[order], self.design.psu[order]

    def _joined(self, columns: list[Integers]) -> Integers:
        """One number for each combination of codes."""
        sizes = [len(values) for values in self._key_values.values()]
        return np.ravel_multi_index(columns, sizes)


def _dataset(paths: Paths, columns: list[str]) -> ds.Dataset:
    """Open the files and see that each holds all columns."""
    files = [paths] if isinstance(paths, str | Path) else list(paths)
    if not files:
        raise StudyError("paths", "no file", "Name one Parquet file or more")
    for path in files:
        if not Path(path).is_file():
            raise StudyError(str(path), "there is no such file", "Correct the path or create it")
        try:
            held = ds.dataset(path, format="parquet").schema.names
        except pa.ArrowInvalid as error:
            raise StudyError(str(path), "it is not a Parquet file", "Write it anew") from error
        for column in columns:
            if column not in held:
                found = f"not in the file, which holds {', '.join(held)}"
                raise StudyError(f"{path}, column '{column}'", found, "Name it")
    return ds.dataset([str(path) for path in files], format="parquet")


def _batches(data: ds.Dataset, columns: list[str]) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Yield rows in their order, with the number of the first one."""
    first_row = 1
    wanted = list(dict.fromkeys(columns))
    # Reading little ahead keeps memory bounded and is as fast. What is fetched beforehand
    # (`pre_buffer`) would be kept to the end: as much memory as the file is large.
    batches = data.to_batches(
        columns=wanted,
        batch_size=ROWS_READ,
        batch_readahead=4,
        fragment_readahead=1,
        fragment_scan_options=ds.ParquetFragmentScanOptions(pre_buffer=False),
    )
    for batch in batches:
        if len(batch):
            yield first_row, batch
            first_row += len(batch)


def _type(data: ds.Dataset, name: str) -> pa.DataType:
    kind = data.schema.field(name).type
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _require_numbers(data: ds.Dataset, name: str) -> None:
    kind = data.schema.field(name).type
    numeric = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    if not numeric and not pa.types.is_boolean(kind):
        raise StudyError(f"column '{name}'", f"values of type {kind}", "Give plain numbers")


def _check_design(batch: pa.RecordBatch, columns: DesignColumns, first_row: int) -> None:
    """Refuse rows without a value and negative or infinite weights."""
    for name in columns.all:
        missing = pc.is_null(batch[name], nan_is_null=True).to_numpy(zero_copy_only=False)
        _refuse(missing, name, "a missing value", "Every row needs one: fill or drop it", first_row)
    weights = floats(batch[columns.weight])
    remedy = "A weight says how many people a row stands for"
    strange = (weights < 0) | ~np.isfinite(weights)
    _refuse(strange, columns.weight, "a negative or infinite weight", remedy, first_row)


def _refuse(
    at_fault: NDArray[np.bool_], name: str, found: str, remedy: str, first_row: int
) -> None:
    if at_fault.any():
        row = first_row + int(np.argmax(at_fault))
        raise StudyError(f"column '{name}'", f"{found} in data row {row}", remedy)


def _add_psus(psus: pa.Table | None, batch: pa.RecordBatch, columns: DesignColumns) -> pa.Table:
    """Add the PSUs of some rows, and their weight, to those known."""
    keys = [name for name in columns.all if name != columns.weight]
    rows = pa.table(
        {
            **{name: plain(batch[name]) for name in keys},
            columns.weight: pc.cast(batch[columns.weight], pa.float64()),
        }
    )
    known = [] if psus is None else [psus]
    rows = pa.concat_tables([*known, rows])
    sums = rows.group_by(keys, use_threads=False).aggregate([(columns.weight, "sum")])
    return sums.rename_columns([*keys, columns.weight])


def _levels(name: str, given: Sequence[Any] | None, found: pa.Array) -> pd.Index:
    """Return the levels of a domain, those given or else those found."""
    seen: pd.Index = pd.Index(found.drop_null().to_pandas())
    if given is None:
        return seen.sort_values()
    levels: pd.Index = pd.Index(list(given))
    other = seen.difference(levels)
    if len(other):
        listed = ", ".join(map(repr, levels.tolist()))
        found_other = f"answers other than {listed}"
        raise StudyError(f"column '{name}'", found_other, "Name all levels, or none")
    return levels
