"""Estimates from surveys larger than memory, read from Parquet files piece by piece.

The sums that linearisation and replicates need (:mod:`.unit_totals`) add up over any parts of
the rows. A first pass collects the PSUs and the levels, a second one the sums; memory grows with
PSUs x levels x indicators, not with rows. Where that is too much, the second pass is made for a
part of the indicators at a time, and reads no others.

With whole numbers as weights (a weight of 1.25 written as 1 250 000, say) all sums are exact below
2⁵³: neither the order of the rows nor their distribution over files changes a bit.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
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

from designbased.arrays import Floats, Integers
from designbased.design.coding import Levels, Outcomes, Statistic, code_outcomes, name_outcomes
from designbased.design.degrees_of_freedom import DfRule
from designbased.design.lonely_psus import LonelyPsu
from designbased.design.rows import Rows
from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError
from designbased.estimates.cell_estimator import cells_by_deviations
from designbased.estimates.linearisation import linearise, split_into_groups
from designbased.estimates.tabulation import check_options, join_blocks, tabulate
from designbased.estimates.unit_totals import Totals
from designbased.replication.replicate_design import ReplicateDesign

# Columns of Arrow as the arrays that sums are made of.


def decode_dictionary(column: pa.Array) -> pa.Array:
    """Return the values themselves, where the column holds them as a dictionary."""
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def read_floats(column: pa.Array) -> Floats:
    """(n,) numbers, NaN for null."""
    numbers: Floats = pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False)
    return numbers


def index_values(column: pa.Array, values: pd.Index) -> Integers:
    """(n,) index of each row's value among ``values``, -1 where it is none of them."""
    distinct, index = _index_column(decode_dictionary(column))
    positions: Integers = np.append(values.get_indexer(distinct), -1)
    return positions[index]


def read_proportions(
    batch: pa.RecordBatch, indicators: list[str], statistics: Mapping[str, Statistic]
) -> Outcomes | None:
    """Return proportions whose answers are whole numbers or truth values, a byte for each.

    None if there are others, or an answer is neither zero nor one: :func:`code_outcomes` tells.
    """
    if any(statistics.get(name, "proportion") != "proportion" for name in indicators):
        return None
    values, valid = np.empty((2, len(indicators), len(batch)), dtype=np.uint8)
    missing = 0
    for index, name in enumerate(indicators):
        column = batch[name]
        if pa.types.is_boolean(column.type):
            column = column.cast(pa.uint8())
        if not pa.types.is_integer(column.type):
            return None
        valid[index] = _read_validity(column)
        # What stands in the place of a null is left out.
        numbers = _without_nulls(column) * valid[index]
        if numbers.min() < 0 or numbers.max() > 1:
            return None
        values[index] = numbers
        missing += column.null_count
    statistic = np.full(len(indicators), "proportion", dtype=np.str_)
    valid_or_ones = valid.T if missing else np.ones((len(batch), 1), dtype=np.uint8)
    return Outcomes(indicators, values.T, valid_or_ones, statistic)


def _index_column(column: pa.Array) -> tuple[pd.Index, Integers]:
    """Return values, and (n,) the index of each row's among them, past the end for null."""
    if pa.types.is_signed_integer(column.type) and not column.null_count:
        numbers = column.to_numpy()
        low, high = int(numbers.min()), int(numbers.max())
        if high - low < len(numbers):
            # As good as counted from zero already.
            return pd.RangeIndex(low, high + 1), numbers.astype(np.intp) - low
    encoded = column.dictionary_encode()
    distinct: pd.Index = pd.Index(encoded.dictionary.to_pandas())
    return distinct, encoded.indices.fill_null(len(distinct)).to_numpy()


def _read_validity(column: pa.Array) -> NDArray[np.uint8]:
    """(n,) one where there is a value, zero where there is none."""
    bitmap = column.buffers()[0]
    if bitmap is None:
        return np.ones(len(column), dtype=np.uint8)
    end = column.offset + len(column)
    validity = np.unpackbits(np.frombuffer(bitmap, np.uint8), count=end, bitorder="little")
    return validity[column.offset :]


def _without_nulls(column: pa.Array) -> NDArray[np.integer]:
    """(n,) the numbers as they lie in memory, whatever they are where there is a null."""
    buffers = [None, column.buffers()[1]]
    numbers: NDArray[np.integer] = pa.Array.from_buffers(
        column.type, len(column), buffers, offset=column.offset
    ).to_numpy()
    return numbers


# A survey in Parquet files: its design, found in a first pass, and its rows, piece by piece.


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
            InputError: a file or column is missing, an indicator is not numeric, a domain holds
                other values than its levels, or the design columns are at fault.
        """
        data = _open_dataset(paths, [*columns.all, *indicators, *domains])
        for name in [columns.weight, *indicators]:
            _require_numbers(data, name)
        psus: pa.Table | None = None
        levels_in_data: dict[str, pa.Array] = {
            name: pa.array([], _value_type(data, name)) for name in domains
        }
        for first_row, batch in _read_batches(data, [*columns.all, *domains]):
            _check_design(batch, columns, first_row)
            psus = _add_psus(psus, batch, columns)
            for name, values in levels_in_data.items():
                levels_in_data[name] = pa.concat_arrays(
                    [values, decode_dictionary(batch[name]).unique()]
                ).unique()
        if psus is None:
            raise InputError("survey data", "no rows", "Give one row per respondent")
        frame = psus.to_pandas()
        design = SurveyDesign.from_frame(
            frame, columns.weight, columns.stratum, columns.psu, columns.fpc, lonely_psu=lonely_psu
        )
        levels = {
            name: _choose_levels(name, levels_wanted, levels_in_data[name])
            for name, levels_wanted in domains.items()
        }
        return cls(data, columns, frame, design, levels)

    def read_pieces(
        self, indicators: list[str], statistics: Mapping[str, Statistic]
    ) -> Iterator[tuple[Integers, Floats, Levels, Outcomes]]:
        """Yield PSUs, weights, levels and outcomes of some rows, until all are read.

        Raises:
            InputError: an answer does not fit its statistic.
        """
        weight, keys = self.columns.weight, self.columns.keys
        for first_row, batch in _read_batches(
            self.data, [weight, *keys, *self.domains, *indicators]
        ):
            outcomes = read_proportions(batch, indicators, statistics)
            if outcomes is None:
                frame = pd.DataFrame({name: read_floats(batch[name]) for name in indicators})
                outcomes = code_outcomes(frame, Rows(len(batch)), statistics, first_row)
            yield (
                self._psu_index(batch),
                read_floats(batch[weight]),
                self._levels_of(batch),
                outcomes,
            )

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
        codes_by_domain = [
            index_values(batch[name], values) for name, values in self.domains.items()
        ]
        everyone: Integers = np.zeros(len(batch), dtype=np.intp)
        return replace(self.levels, codes=[*codes_by_domain] if codes_by_domain else [everyone])

    def _psu_index(self, batch: pa.RecordBatch) -> Integers:
        """(n,) index of each row's PSU in the design."""
        of_psus, psus = self._psu_codes
        columns = [index_values(batch[name], values) for name, values in self._key_values.items()]
        joined = self._join_keys(columns)
        # Files are sorted by PSU, mostly: each is looked up where it begins.
        start = np.flatnonzero(np.diff(joined, prepend=-1))
        psu_of_run = psus[np.searchsorted(of_psus, joined[start])]
        return np.repeat(psu_of_run, np.diff(start, append=len(joined)))

    @cached_property
    def _key_values(self) -> dict[str, pd.Index]:
        return {name: pd.Index(self.psus[name].unique()) for name in self.columns.keys}

    @cached_property
    def _psu_codes(self) -> tuple[Integers, Integers]:
        """(P,) joined codes of the PSUs, ascending, and their indices in the design."""
        columns = [
            index.get_indexer(pd.Index(self.psus[name])) for name, index in self._key_values.items()
        ]
        joined = self._join_keys(columns)
        order = np.argsort(joined)
        return joined[order], self.design.psu[order]

    def _join_keys(self, columns: list[Integers]) -> Integers:
        """One number for each combination of codes."""
        sizes = [len(values) for values in self._key_values.values()]
        return np.ravel_multi_index(columns, sizes)


def _open_dataset(paths: Paths, columns: list[str]) -> ds.Dataset:
    """Open the files and see that each holds all columns."""
    files = [paths] if isinstance(paths, str | Path) else list(paths)
    if not files:
        raise InputError("paths", "no file", "Name one Parquet file or more")
    for path in files:
        if not Path(path).is_file():
            raise InputError(str(path), "there is no such file", "Correct the path or create it")
        try:
            column_names = ds.dataset(path, format="parquet").schema.names
        except pa.ArrowInvalid as error:
            raise InputError(str(path), "it is not a Parquet file", "Write it anew") from error
        for column in columns:
            if column not in column_names:
                finding = f"not in the file, which holds {', '.join(column_names)}"
                raise InputError(f"{path}, column '{column}'", finding, "Name it")
    return ds.dataset([str(path) for path in files], format="parquet")


def _read_batches(data: ds.Dataset, columns: list[str]) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Yield rows in their order, with the number of the first one."""
    first_row = 1
    distinct_columns = list(dict.fromkeys(columns))
    # Reading little ahead keeps memory bounded and is as fast. What is fetched beforehand
    # (`pre_buffer`) would be kept to the end: as much memory as the file is large.
    batches = data.to_batches(
        columns=distinct_columns,
        batch_size=ROWS_READ,
        batch_readahead=4,
        fragment_readahead=1,
        fragment_scan_options=ds.ParquetFragmentScanOptions(pre_buffer=False),
    )
    for batch in batches:
        if len(batch):
            yield first_row, batch
            first_row += len(batch)


def _value_type(data: ds.Dataset, name: str) -> pa.DataType:
    arrow_type = data.schema.field(name).type
    return arrow_type.value_type if pa.types.is_dictionary(arrow_type) else arrow_type


def _require_numbers(data: ds.Dataset, name: str) -> None:
    arrow_type = data.schema.field(name).type
    numeric = (
        pa.types.is_integer(arrow_type)
        or pa.types.is_floating(arrow_type)
        or pa.types.is_decimal(arrow_type)
    )
    if not numeric and not pa.types.is_boolean(arrow_type):
        raise InputError(f"column '{name}'", f"values of type {arrow_type}", "Give plain numbers")


def _check_design(batch: pa.RecordBatch, columns: DesignColumns, first_row: int) -> None:
    """Refuse rows without a value and negative or infinite weights."""
    for name in columns.all:
        missing = pc.is_null(batch[name], nan_is_null=True).to_numpy(zero_copy_only=False)
        _refuse_rows(
            missing, name, "a missing value", "Every row needs one: fill or drop it", first_row
        )
    weights = read_floats(batch[columns.weight])
    remedy = "A weight says how many people a row stands for"
    faulty = (weights < 0) | ~np.isfinite(weights)
    _refuse_rows(faulty, columns.weight, "a negative or infinite weight", remedy, first_row)


def _refuse_rows(
    at_fault: NDArray[np.bool_], name: str, fault: str, remedy: str, first_row: int
) -> None:
    if at_fault.any():
        row = first_row + int(np.argmax(at_fault))
        raise InputError(f"column '{name}'", f"{fault} in data row {row}", remedy)


def _add_psus(psus: pa.Table | None, batch: pa.RecordBatch, columns: DesignColumns) -> pa.Table:
    """Add the PSUs of some rows, and their weight, to those known."""
    keys = [name for name in columns.all if name != columns.weight]
    rows = pa.table(
        {
            **{name: decode_dictionary(batch[name]) for name in keys},
            columns.weight: pc.cast(batch[columns.weight], pa.float64()),
        }
    )
    earlier = [] if psus is None else [psus]
    rows = pa.concat_tables([*earlier, rows])
    sums = rows.group_by(keys, use_threads=False).aggregate([(columns.weight, "sum")])
    return sums.rename_columns([*keys, columns.weight])


def _choose_levels(
    name: str, levels_wanted: Sequence[Any] | None, levels_in_data: pa.Array
) -> pd.Index:
    """Return the levels of a domain, those given or else those found."""
    present: pd.Index = pd.Index(levels_in_data.drop_null().to_pandas())
    if levels_wanted is None:
        return present.sort_values()
    levels: pd.Index = pd.Index(list(levels_wanted))
    unknown = present.difference(levels)
    if len(unknown):
        listed = ", ".join(map(repr, levels.tolist()))
        finding = f"answers other than {listed}"
        raise InputError(f"column '{name}'", finding, "Name all levels, or none")
    return levels


def estimate_parquet(
    paths: Paths,
    indicators: Sequence[str],
    domains: Sequence[str] | Mapping[str, Sequence[Any]] = (),
    *,
    weight: str = "weight",
    stratum: str | None = "stratum",
    psu: str = "psu",
    fpc: str | None = None,
    lonely_psu: LonelyPsu = "fail",
    statistics: Mapping[str, Statistic] | None = None,
    interval: str = "korn_graubard",
    confidence: float = 0.95,
    df_rule: DfRule | None = None,
    replicates: Callable[[SurveyDesign], ReplicateDesign] | None = None,
    memory: float = 1e9,
) -> pd.DataFrame:
    """Estimate every indicator in every level of every domain, without loading the data.

    Args:
        paths: one or more Parquet files with the same columns, one row per respondent.
        indicators: K columns of numbers or truth values; null or NaN where there is no valid
            answer. Proportions hold 0 and 1.
        domains: D columns; null where the row is in no level. The levels are those in the data,
            sorted, or, given as ``{column: levels}``, those in that order. Without domains, the
            whole population: the domain "total" with the level "all".
        weight: column of weights.
        stratum: column of strata; None for an unstratified sample.
        psu: column of PSUs, which are nested in strata.
        fpc: column with the number of PSUs in the population of the stratum, or None.
        lonely_psu: see :class:`designbased.design.survey_design.SurveyDesign`.
        statistics: statistic by indicator; one left out is a proportion.
        replicates: what makes replicates of the design, ``jackknife`` say; standard errors are then
            those of the replicates. The design has a row for each PSU. None linearises.
        memory: bytes that the sums may take; with fewer the files are read more often.

    Returns:
        The table of :func:`designbased.estimates.linearisation.estimate`.

    Raises:
        InputError: a file or column is missing, a column has the wrong type or values, a domain
            holds a value that is none of its levels, the design is at fault, an argument has no
            such option, or the replicates are of another design.
    """
    check_options(interval, confidence)
    indicator_names, statistic = name_outcomes(
        pd.DataFrame(columns=list(indicators)), Rows(0), statistics
    )
    levels_wanted = domains if isinstance(domains, Mapping) else dict.fromkeys(domains)
    columns = DesignColumns(weight, stratum, psu, fpc)
    survey = ParquetSurvey.open(paths, columns, indicator_names, levels_wanted, lonely_psu)
    design, levels = survey.design, survey.levels
    rule = design.df_rule(df_rule)
    replicated = None if replicates is None else replicates(design)
    if replicated is not None and replicated.design is not design:
        finding = "replicates of another design"
        raise InputError("replicates", finding, "Make them of the design that is handed over")
    # Sums of answers and sums of weights, eight bytes each.
    width = max(1, int(memory / (16 * design.n_psus * len(levels))))
    blocks = []
    for start in range(0, len(indicator_names), width):
        block = slice(start, start + width)
        statistic_by_indicator = dict(
            zip(indicator_names[block], statistic[block].tolist(), strict=True)
        )
        totals = Totals(design.n_psus, len(levels), statistic[block], join_rows=True)
        for chunk in survey.read_pieces(indicator_names[block], statistic_by_indicator):
            totals.add(*chunk)
        if replicated is None:
            groups = split_into_groups(design, totals)
            blocks.append(linearise(design, totals.by_level, groups, rule))
        else:
            blocks.append(cells_by_deviations(replicated, totals, levels, rule))
    df = design.df if replicated is None else replicated.df
    return tabulate(
        df, indicator_names, statistic, levels, join_blocks(blocks, axis=1), interval, confidence
    )
