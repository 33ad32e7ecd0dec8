"""Tables between the stages: read and written only if they keep their contract."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaError, SchemaErrors

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import (
    ROWS_AT_ONCE,
    is_public,
    restore_formulas,
    write_csv,
    write_parquet,
)
from disrupting_harm.study.microdata.sample import SIMULATED

# What pandera found, in words; its own would repeat the values at fault.
FOUND = {
    "WRONG_DATATYPE": "values of another type than the contract's",
    "DATATYPE_COERCION": "values of another type than the contract's",
    "SERIES_CONTAINS_NULLS": "empty cells",
    "SERIES_CONTAINS_DUPLICATES": "a value that must not repeat stands more than once",
    "COLUMN_NOT_IN_DATAFRAME": "the column is missing",
    "COLUMN_NOT_IN_SCHEMA": "the table must not have this column",
    "COLUMN_NOT_ORDERED": "the columns are out of order",
    "DUPLICATE_COLUMN_LABELS": "a column stands twice",
}


def check_table(frame: pd.DataFrame, contract: pa.DataFrameSchema, location: str) -> pd.DataFrame:
    """Return ``frame`` if it keeps its contract, whole numbers in the type it asks for.

    Raises:
        StudyError: the first breach, with the column's name.
    """
    try:
        # A copy in name alone: what pandera sets in it does not reach the caller's frame. It takes
        # a whole copy itself, and has to where it leaves columns out.
        copied = _widen_integers(frame, contract).copy(deep=False)
        return contract.validate(copied, inplace=contract.strict != "filter")
    except SchemaErrors as errors:
        raise _build_breach_error(errors.schema_errors[0], contract, location) from None
    except SchemaError as error:
        raise _build_breach_error(error, contract, location) from None


def _widen_integers(frame: pd.DataFrame, contract: pa.DataFrameSchema) -> pd.DataFrame:
    """Return ``frame`` with integers as floats where the contract asks for floats; nothing else."""
    # Few columns hold integers, and pandera takes long to tell the type of a rule.
    integers = [
        name
        for name, dtype in frame.dtypes.items()
        if dtype.kind == "i"
        and name in contract.columns
        and str(contract.columns[name].dtype) == "float64"
    ]
    return frame.astype(dict.fromkeys(integers, float)) if integers else frame


def of_known_children(contract: pa.DataFrameSchema) -> pa.DataFrameSchema:
    """Return a contract for a table whose children are compared with those of another one.

    That no child stands twice is then known already, and takes long to find out of a million.
    """
    return contract.update_column("child_id", unique=False)


def _build_breach_error(
    error: SchemaError, contract: pa.DataFrameSchema, location: str
) -> StudyError:
    """Return the breach without the values at fault, which are those of respondents."""
    check, cases, name = error.check, error.failure_cases, error.column_name
    finding = FOUND.get(str(getattr(error.reason_code, "name", "")), "it breaks its contract")
    if name is None and isinstance(cases, str):
        name = cases
    if name is None and isinstance(error.schema, pa.Column):
        name = error.schema.name
    if isinstance(check, pa.Check):
        finding = str(check.error)
        if name is not None:
            finding = f"the rule {finding} is broken {len(cases)} times"
            first_row = cases["index"].iloc[0]
            if isinstance(first_row, int | np.integer):
                finding += f", first in row {first_row + 1}"
    return StudyError(
        f"{location}, column '{name}'" if name is not None else location,
        f"{contract.name}: {finding}",
        "Run the stage that makes this table again; if the fault stays, its input is at fault",
    )


def write_table(
    target: str | Path, frame: pd.DataFrame, contract: pa.DataFrameSchema, simulated: bool
) -> None:
    """Check ``frame`` and write it as Parquet (with ``simulated`` in its metadata) or CSV.

    Raises:
        StudyError: the frame breaks its contract; nothing is written.
    """
    target = Path(target)
    frame = check_table(frame, contract, str(target))
    if target.suffix == ".parquet":
        write_parquet(target, frame, {SIMULATED: str(simulated).lower()})
    else:
        write_csv(target, frame)


def read_table(
    source: str | Path,
    contract: pa.DataFrameSchema,
    coded: Callable[[str], bool] | None = None,
    columns: list[str] | None = None,
    narrow: bool = False,
) -> pd.DataFrame:
    """Read a table that :func:`write_table` wrote, and check it.

    Args:
        source: the file.
        contract: its contract.
        coded: which columns of text come as categories; in a large Parquet file that is quicker
            than a text in each row.
        columns: the columns of a Parquet file that are read, in their order, as far as it has
            them; None for all. What the contract says of others, or of the table as a whole, is
            then not looked at.
        narrow: numbers of a Parquet file come in four bytes where they are exact, as zeros and ones
            are, if the table is large.

    Raises:
        StudyError: the file is missing, or the table breaks its contract.
    """
    source = Path(source)
    if not source.is_file():
        raise StudyError(str(source), "there is no such file", "Run the stage that makes it")
    if source.suffix == ".parquet":
        import pyarrow.parquet as pq

        columns_of_file = pq.read_schema(source).names
        if columns is not None:
            contract = _select_columns(contract, columns)
            columns = columns_of_file = [name for name in columns if name in columns_of_file]
        categories = [name for name in columns_of_file if coded(name)] if coded else []
        frame = (
            _read_narrow(source, columns_of_file)
            if narrow and pq.read_metadata(source).num_rows > ROWS_AT_ONCE
            else pd.read_parquet(source, columns=columns, read_dictionary=categories)
        )
        for name in frame.columns[frame.dtypes == "category"]:
            # Without a cell pandas does not see that they would be text.
            if frame[name].cat.categories.empty:
                frame[name] = frame[name].cat.set_categories(pd.Index([], dtype="str"))
        return check_table(frame, contract, str(source))
    types = {name: str(column.dtype) for name, column in contract.columns.items()}
    types = {name: "str" if dtype.startswith("str") else dtype for name, dtype in types.items()}
    frame = pd.read_csv(
        source,
        dtype={name: dtype for name, dtype in types.items() if dtype == "str"},
        keep_default_na=False,
        na_values={name: [""] for name, dtype in types.items() if dtype != "str"},
    )
    if is_public(source):
        frame = restore_formulas(frame)
    if frame.empty:
        # Without a row there is no type to find.
        frame = frame.astype({name: dtype for name, dtype in types.items() if name in frame})
    return check_table(frame, contract, str(source))


def _read_narrow(source: Path, columns: list[str]) -> pd.DataFrame:
    """Read columns of a Parquet file, one group of rows after the other."""
    import pyarrow as arrow
    import pyarrow.parquet as pq

    file = pq.ParquetFile(source)
    schema = file.schema_arrow
    numbers = [name for name in columns if arrow.types.is_floating(schema.field(name).type)]
    values = np.empty((len(numbers), file.metadata.num_rows), dtype=np.float32)
    exact, other_columns, first = np.ones(len(numbers), dtype=bool), [], 0
    for group in range(file.num_row_groups):
        table = file.read_row_group(group, columns=columns)
        last = first + table.num_rows
        for index, name in enumerate(numbers):
            column, narrowed = table[name].to_numpy(), values[index, first:last]
            narrowed[:] = column
            # A missing number differs from itself.
            exact[index] &= np.count_nonzero(narrowed != column) == np.count_nonzero(
                np.isnan(column)
            )
        other_columns.append(table.drop_columns(numbers))
        first = last
    frame = pd.DataFrame(values.T, columns=numbers, copy=False)
    for name in np.array(numbers)[~exact]:
        frame[name] = file.read(columns=[name])[name].to_numpy()
    other_frame = (
        arrow.concat_tables(other_columns).to_pandas() if other_columns else pd.DataFrame()
    )
    return other_frame.join(frame)[columns]


def _select_columns(contract: pa.DataFrameSchema, columns: list[str]) -> pa.DataFrameSchema:
    """Return what a contract says of each of some columns."""
    rules = {name: rule for name, rule in contract.columns.items() if rule.regex or name in columns}
    return pa.DataFrameSchema(rules, name=contract.name)
