"""Take frames of other libraries: polars, Arrow, DuckDB and all that speak Arrow's interface.

What has the method ``__arrow_c_stream__`` (the Arrow PyCapsule interface) is read without knowing
its library. Whole numbers stay whole, also beside missing values and beyond 2⁵³, where floats would
take two identifiers for one.
"""

from typing import Any

import pandas as pd


def is_foreign(table: Any) -> bool:
    """Whether a frame or column of another library than pandas can be read."""
    return hasattr(table, "__arrow_c_stream__") and not isinstance(table, pd.DataFrame | pd.Series)


def read_frame(table: Any) -> pd.DataFrame:
    """Return a frame of pandas: the same where it is one, else a copy with numbered rows."""
    if not is_foreign(table):
        return table  # type: ignore[no-any-return]
    import pyarrow as pa

    arrow = pa.table(table)
    decimals = [
        pa.field(field.name, pa.float64()) if pa.types.is_decimal(field.type) else field
        for field in arrow.schema
    ]
    frame: pd.DataFrame = arrow.cast(pa.schema(decimals)).to_pandas(types_mapper=_choose_type)
    return frame


def read_column(values: Any) -> Any:
    """Return a column of pandas from one of another library; all else stays as it is."""
    if not is_foreign(values):
        return values
    import pyarrow as pa

    column = read_frame(pa.table({"": pa.chunked_array(values)}))[""]
    return column.rename(getattr(values, "name", None))


def use_plain_types(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with columns as NumPy has them, for libraries that know no others.

    Numbers become floats, NaN where there is none; truths and texts become objects, None where
    there is none. Categories stay.
    """
    if not frame.columns.is_unique:
        return frame
    plain: dict[str, Any] = {}
    for name, column in frame.items():
        dtype = column.dtype
        is_known = not pd.api.types.is_extension_array_dtype(dtype) or dtype == "str"
        if is_known or isinstance(dtype, pd.CategoricalDtype):
            continue
        if pd.api.types.is_bool_dtype(dtype):
            objects = column.astype(object).where(column.notna(), None)
            plain[str(name)] = objects if column.hasnans else column.astype(bool)
        elif pd.api.types.is_numeric_dtype(dtype):
            plain[str(name)] = column.to_numpy(dtype="float64", na_value=float("nan"))
        elif pd.api.types.is_string_dtype(dtype):
            plain[str(name)] = column.astype("str")
    return frame.assign(**plain) if plain else frame


def _choose_type(arrow_type: Any) -> Any:
    """Hold whole numbers and truths that may be missing by types of pandas that keep them."""
    import pyarrow as pa

    nullable = {
        pa.int8(): pd.Int8Dtype(),
        pa.int16(): pd.Int16Dtype(),
        pa.int32(): pd.Int32Dtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.uint8(): pd.UInt8Dtype(),
        pa.uint16(): pd.UInt16Dtype(),
        pa.uint32(): pd.UInt32Dtype(),
        pa.uint64(): pd.UInt64Dtype(),
        pa.bool_(): pd.BooleanDtype(),
    }
    return nullable.get(arrow_type)
