"""Columns of Arrow as the arrays that sums are made of."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from disrupting_harm.arrays import Floats, Integers
from disrupting_harm.survey.design.coding import Outcomes, Statistic


def plain(column: pa.Array) -> pa.Array:
    """Return the values themselves, where the column holds them as a dictionary."""
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def floats(column: pa.Array) -> Floats:
    """(n,) numbers, NaN for null."""
    numbers: Floats = pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False)
    return numbers


def codes(column: pa.Array, values: pd.Index) -> Integers:
    """(n,) index of each row's value among ``values``, -1 where it is none of them."""
    known, place = _indexed(plain(column))
    places: Integers = np.append(values.get_indexer(known), -1)
    return places[place]


def yes_and_no(
    batch: pa.RecordBatch, indicators: list[str], statistics: Mapping[str, Statistic]
) -> Outcomes | None:
    """Return proportions whose answers are whole numbers or truth values, a byte for each.

    None if there are others, or an answer is neither zero nor one: :func:`code_outcomes` tells.
    """
    if any(statistics.get(name, "proportion") != "proportion" for name in indicators):
        return None
    values, valid = np.empty((2, len(indicators), len(batch)), dtype=np.uint8)
    missing = 0
    for place, name in enumerate(indicators):
        column = batch[name]
        if pa.types.is_boolean(column.type):
            column = column.cast(pa.uint8())
        if not pa.types.is_integer(column.type):
            return None
        valid[place] = _present(column)
        # What stands in the place of a null is left out.
        numbers = _without_nulls(column) * valid[place]
        if numbers.min() < 0 or numbers.max() > 1:
            return None
        values[place] = numbers
        missing += column.null_count
    kind = np.full(len(indicators), "proportion", dtype=np.str_)
    held = valid.T if missing else np.ones((len(batch), 1), dtype=np.uint8)
    return Outcomes(indicators, values.T, held, kind)


def _indexed(column: pa.Array) -> tuple[pd.Index, Integers]:
    """Return values, and (n,) the index of each row's among them, past the end for null."""
    if pa.types.is_signed_integer(column.type) and not column.null_count:
        numbers = column.to_numpy()
        low, high = int(numbers.min()), int(numbers.max())
        if high - low < len(numbers):
            # As good as counted from zero already.
            return pd.RangeIndex(low, high + 1), numbers.astype(np.intp) - low
    encoded = column.dictionary_encode()
    known: pd.Index = pd.Index(encoded.dictionary.to_pandas())
    return known, encoded.indices.fill_null(len(known)).to_numpy()


def _present(column: pa.Array) -> NDArray[np.uint8]:
    """(n,) one where there is a value, zero where there is none."""
    bitmap = column.buffers()[0]
    if bitmap is None:
        return np.ones(len(column), dtype=np.uint8)
    end = column.offset + len(column)
    bits = np.unpackbits(np.frombuffer(bitmap, np.uint8), count=end, bitorder="little")
    return bits[column.offset :]


def _without_nulls(column: pa.Array) -> NDArray[np.integer]:
    """(n,) the numbers as they lie in memory, whatever they are where there is a null."""
    buffers = [None, column.buffers()[1]]
    numbers: NDArray[np.integer] = pa.Array.from_buffers(
        column.type, len(column), buffers, offset=column.offset
    ).to_numpy()
    return numbers
