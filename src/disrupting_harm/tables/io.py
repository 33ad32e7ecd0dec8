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


def checked(frame: pd.DataFrame, contract: pa.DataFrameSchema, where: str) -> pd.DataFrame:
    """Return ``frame`` if it keeps its contract, whole numbers in the type it asks for.

    Raises:
        StudyError: the first breach, with the column's name.
    """
    try:
        # A copy in name alone: what pandera sets in it does not reach the caller's frame. It takes
        # a whole copy itself, and has to where it leaves columns out.
        given = _widened(frame, contract).copy(deep=False)
        return contract.validate(given, inplace=contract.strict != "filter")
    except SchemaErrors as errors:
        raise _breach(errors.schema_errors[0], contract, where) from None
    except SchemaError as error:
        raise _breach(error, contract, where) from None


def _widened(frame: pd.DataFrame, contract: pa.DataFrameSchema) -> pd.DataFrame:
    """Return ``frame`` with integers as floats where the contract asks for floats; nothing else."""
    # Few columns hold integers, and pandera takes long to tell the type of a rule.
    integers = [
        name
        for name, kind in frame.dtypes.items()
        if kind.kind == "i"
        and name in contract.columns
        and str(contract.columns[name].dtype) == "float64"
    ]
    return frame.astype(dict.fromkeys(integers, float)) if integers else frame


def of_known_children(contract: pa.DataFrameSchema) -> pa.DataFrameSchema:
    """Return a contract for a table whose children are compared with those of another one.

    That no child stands twice is then known already, and takes long to find out of a million.
    """
    return contract.update_column("child_id", unique=False)


def _breach(error: SchemaError, contract: pa.DataFrameSchema, where: str) -> StudyError:
    """Return the breach without the values at fault, which are those of respondents."""
    check, cases, name = error.check, error.failure_cases, error.column_name
    found = FOUND.get(str(getattr(error.reason_code, "name", "")), "it breaks its contract")
    if name is None and isinstance(cases, str):
        name = cases
    if name is None and isinstance(error.schema, pa.Column):
        name = error.schema.name
    if isinstance(check, pa.Check):
        found = str(check.error)
        if name is not None:
            found = f"the rule {found} is broken {len(cases)} times"
            first = cases["index"].iloc[0]
            if isinstance(first, int | np.integer):
                found += f", first in row {first + 1}"
    return StudyError(
        f"{where}, column '{name}'" if name is not None else where,
        f"{contract.name}: {found}",
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
    frame = checked(frame, contract, str(target))
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

        held = pq.read_schema(source).names
        if columns is not None:
            contract = _of_columns(contract, columns)
            columns = held = [name for name in columns if name in held]
        names = [name for name in held if coded(name)] if coded else []
        frame = (
            _read_narrow(source, held)
            if narrow and pq.read_metadata(source).num_rows > ROWS_AT_ONCE
            else pd.read_parquet(source, columns=columns, read_dictionary=names)
        )
        for name in frame.columns[frame.dtypes == "category"]:
            # Without a cell pandas does not see that they would be text.
            if frame[name].cat.categories.empty:
                frame[name] = frame[name].cat.set_categories(pd.Index([], dtype="str"))
        return checked(frame, contract, str(source))
    types = {name: str(column.dtype) for name, column in contract.columns.items()}
    types = {name: "str" if kind.startswith("str") else kind for name, kind in types.items()}
    frame = pd.read_csv(
        source,
        dtype={name: kind for name, kind in types.items() if kind == "str"},
        keep_default_na=False,
        na_values={name: [""] for name, kind in types.items() if kind != "str"},
    )
    if is_public(source):
        frame = restore_formulas(frame)
    if frame.empty:
        # Without a row there is no type to find.
        frame = frame.astype({name: kind for name, kind in types.items() if name in frame})
    return checked(frame, contract, str(source))


def _read_narrow(source: Path, names: list[str]) -> pd.DataFrame:
    """Read columns of a Parquet file, one group of rows after the other."""
    import pyarrow as arrow
    import pyarrow.parquet as pq

    file = pq.ParquetFile(source)
    schema = file.schema_arrow
    numbers = [name for name in names if arrow.types.is_floating(schema.field(name).type)]
    held = np.empty((len(numbers), file.metadata.num_rows), dtype=np.float32)
    exact, others, first = np.ones(len(numbers), dtype=bool), [], 0
    for group in range(file.num_row_groups):
        table = file.read_row_group(group, columns=names)
        last = first + table.num_rows
        for place, name in enumerate(numbers):
            column, own = table[name].to_numpy(), held[place, first:last]
            own[:] = column
            # A missing number differs from itself.
            exact[place] &= np.count_nonzero(own != column) == np.count_nonzero(np.isnan(column))
        others.append(table.drop_columns(numbers))
        first = last
    frame = pd.DataFrame(held.T, columns=numbers, copy=False)
    for name in np.array(numbers)[~exact]:
        frame[name] = file.read(columns=[name])[name].to_numpy()
    rest = arrow.concat_tables(others).to_pandas() if others else pd.DataFrame()
    return rest.join(frame)[names]


def _of_columns(contract: pa.DataFrameSchema, names: list[str]) -> pa.DataFrameSchema:
    """Return what a contract says of each of some columns."""
    rules = {name: rule for name, rule in contract.columns.items() if rule.regex or name in names}
    return pa.DataFrameSchema(rules, name=contract.name)
