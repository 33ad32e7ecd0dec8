"""Make the outcome and the model matrix from a formula and a table, with exact errors."""

import ast
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from designbased.arrays import Floats, Integers, Mask
from designbased.design.frames import use_plain_types
from designbased.design.lonely_psus import number_profiles
from designbased.errors import InputError
from designbased.models.formula_functions import OFFSETS, formula_environment

# Columns whose part outside the span of the earlier ones is smaller than this are combinations.
RANK_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class ModelMatrix:
    """The m complete rows of a model, in C profiles: rows that agree in all of its variables.

    A formula with expressions, which may look at other rows, has a profile for every row.

    Attributes:
        formula: as given.
        data: (C, ...) a row of the table for each profile.
        position: (m,) positions of the rows in the table.
        profile: (m,) the profile of each.
        outcome: (C,) the left-hand side.
        matrix: (C, p) the right-hand side.
        offset: (C,) sum of the terms whose coefficient is one.
        columns: the p names, such as ``"sex[T.girl]"``.
        terms: the columns of each term of the formula, the intercept included.
        recipe: what patsy needs to build the same columns from other rows, offsets included.
    """

    formula: str
    data: pd.DataFrame
    position: Integers
    profile: Integers
    outcome: Floats
    matrix: Floats
    offset: Floats
    columns: tuple[str, ...]
    terms: dict[str, slice]
    recipe: Any

    def __repr__(self) -> str:
        return f"<ModelMatrix: {self.formula!r}, {len(self.position):,} rows>"

    def take(self, profiles: Mask) -> "ModelMatrix":
        """Return some of the C profiles, each as one row."""
        parts = {name: getattr(self, name)[profiles] for name in ("outcome", "matrix", "offset")}
        each = np.arange(profiles.sum())
        return replace(self, data=self.data[profiles], position=each, profile=each, **parts)

    def centre(self, weight: Floats) -> tuple["ModelMatrix", Floats]:
        """Take from each column its mean, so that a fit loses no digits to numbers such as years.

        Args:
            weight: (C,) weights of the profiles.

        Returns:
            The centred model, and the (p, p) matrix that turns its coefficients into those of this
            one. A model with neither an intercept nor all levels of a term stays as it is.
        """
        back = np.eye(self.matrix.shape[1])
        for columns in self.terms.values():
            if (self.matrix[:, columns].sum(axis=1) == 1).all():
                mean = weight @ self.matrix / weight.sum()
                mean[columns] = 0.0
                back[columns] -= mean
                return replace(self, matrix=self.matrix - mean), back
        return self, back

    @property
    def variables(self) -> list[str]:
        """The columns that the right-hand side reads."""
        codes = [factor.code for factor in self.recipe.factor_infos]
        nodes = [node for code in codes for node in ast.walk(ast.parse(code, mode="eval"))]
        words = {node.id for node in nodes if isinstance(node, ast.Name)}
        # Q('a name that is no word') holds its column as text.
        for node in nodes:
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Q":
                words |= {ast.literal_eval(argument) for argument in node.args}
        return [str(name) for name in self.data.columns if name in words]

    def read_new_rows(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Check rows to predict for; categories become labels, as a frame need not hold all levels.

        Raises:
            InputError: the frame lacks a variable of the model, or has a level that no row of the
                fit has.
        """
        frame = use_plain_types(frame)
        for name in self.variables:
            if name not in frame:
                remedy = f"Give all variables of '{self.formula}'"
                raise InputError("frame", f"no column '{name}'", remedy)
        for factor, info in self.recipe.factor_infos.items():
            name = factor.name()
            if name in self.data and info.type == "categorical":
                unknown = frame[name].notna() & ~frame[name].isin(info.categories)
                if unknown.any():
                    row = int(np.argmax(unknown.to_numpy())) + 1
                    finding = f"a level in row {row} that the model was not fitted with"
                    levels = ", ".join(map(str, info.categories))
                    raise InputError(f"column '{name}'", finding, f"Choose of {levels}")
        categories = {
            name: frame[name].astype(object)
            for name in frame.columns
            if isinstance(frame[name].dtype, pd.CategoricalDtype)
        }
        return frame.assign(**categories)

    def rebuild(self, data: pd.DataFrame) -> tuple[Floats, Floats]:
        """Return the right-hand side and the offset for changed rows.

        Raises:
            InputError: a level or a value that the model does not know.
        """
        import patsy

        try:
            (matrix,) = patsy.build_design_matrices([self.recipe], data, NA_action="raise")
        except (patsy.PatsyError, ValueError, TypeError) as error:
            remedy = "Predict at values that the model was fitted with"
            raise InputError(f"formula '{self.formula}'", _one_line(error), remedy) from error
        return _split_offset(self.recipe, np.asarray(matrix, dtype=np.float64))

    def groups_within(self, rows: Mask) -> list[str]:
        """Name the levels of categorical variables that lie wholly within some profiles."""
        groups = []
        for name, levels, indicators in _level_indicators(self.recipe, self.data):
            for level, member in zip(levels, indicators.T, strict=True):
                if member.any() and rows[member].all():
                    groups.append(f"level '{level}' of '{name}'")
        return groups


def model_matrix(formula: str, data: pd.DataFrame, position: Integers) -> ModelMatrix:
    """Build the model matrix of the chosen rows that have a value in every variable.

    Args:
        formula: ``"outcome ~ a + b + a:b"`` in the notation of R and patsy. Text and categorical
            variables are coded by levels, the first being the reference unless
            ``C(a, Treatment('level'))`` names another. What formulas may call is listed in
            :mod:`.formula_functions`.
        data: one row per row of the design.
        position: positions of the rows to use.

    Raises:
        InputError: the formula cannot be read or names no column; a level or a crossing of levels
            has no rows; columns are combinations of others; no row is complete.
    """
    import patsy

    if "~" not in formula or not formula.split("~")[0].strip():
        finding = f"the formula {formula!r}"
        raise InputError("formula", finding, "Write 'outcome ~ variable + variable'")
    try:
        outcome = formula.split("~")[0].strip()
        if outcome in data and pd.api.types.is_bool_dtype(data[outcome].dtype):
            # True is yes, also beside missing answers.
            data = data.assign(**{outcome: data[outcome].astype("Float64")})
        rows, profile = _find_profiles(formula, data, position)
        left, right = patsy.dmatrices(formula, rows, formula_environment(), "drop", "dataframe")
    except Exception as error:  # patsy evaluates the formula: whatever goes wrong there comes out
        column_names = ", ".join(map(str, data.columns))
        remedy = f"Use the columns of the data: {column_names}"
        raise InputError(f"formula '{formula}'", _one_line(error), remedy) from error
    if left.shape[1] != 1:
        finding = f"an outcome of {left.shape[1]} columns: {', '.join(left.columns)}"
        raise InputError(f"formula '{formula}'", finding, "Give one column of numbers")
    if not len(right):
        finding = "no row with a value in every variable"
        raise InputError(f"formula '{formula}'", finding, "Leave out the variable that is missing")
    recipe = right.design_info
    _refuse_crossed_offsets(formula, recipe)
    complete = right.index.to_numpy()
    new_profile = np.full(len(rows), -1)
    new_profile[complete] = np.arange(len(complete))
    profile = new_profile[profile]
    columns = right.to_numpy(dtype=np.float64)
    if not np.isfinite(columns).all():
        name = right.columns[~np.isfinite(columns).all(axis=0)][0]
        raise InputError(f"formula '{formula}'", f"infinite values in '{name}'", "Correct them")
    complete_rows = rows.loc[complete]
    _refuse_empty_levels(formula, recipe, complete_rows)
    matrix, offset = _split_offset(recipe, columns)
    is_offset = _offset_columns(recipe)
    names = [name for name, own in zip(recipe.column_names, ~is_offset, strict=True) if own]
    _refuse_combinations(formula, matrix, names)
    return ModelMatrix(
        formula=formula,
        data=complete_rows,
        position=position[profile >= 0],
        profile=profile[profile >= 0],
        outcome=left.to_numpy(dtype=np.float64)[:, 0],
        matrix=matrix,
        offset=offset,
        columns=tuple(names),
        terms=_columns_of_terms(recipe),
        recipe=recipe,
    )


def _offset_columns(recipe: Any) -> Mask:
    """Which of all columns are offsets."""
    is_offset = np.zeros(len(recipe.column_names), dtype=bool)
    for name, columns in recipe.term_name_slices.items():
        is_offset[columns] = name.split("(")[0] in OFFSETS
    return is_offset


def _refuse_crossed_offsets(formula: str, recipe: Any) -> None:
    for name in recipe.term_names:
        if ":" in name and any(part.split("(")[0] in OFFSETS for part in name.split(":")):
            finding = f"the offset in '{name}'"
            raise InputError(f"formula '{formula}'", finding, "Add it as a term of its own")


def _split_offset(recipe: Any, columns: Floats) -> tuple[Floats, Floats]:
    """Take the offsets out of all columns, and add them up."""
    is_offset = _offset_columns(recipe)
    if not is_offset.any():
        return columns, np.zeros(len(columns))
    return columns[:, ~is_offset], columns[:, is_offset].sum(axis=1)


def _columns_of_terms(recipe: Any) -> dict[str, slice]:
    """The columns of each term where offsets are left out."""
    before = np.concatenate([[0], np.cumsum(~_offset_columns(recipe))])
    return {
        name: slice(int(before[columns.start]), int(before[columns.stop]))
        for name, columns in recipe.term_name_slices.items()
        if before[columns.start] < before[columns.stop]
    }


def _find_profiles(
    formula: str, data: pd.DataFrame, position: Integers
) -> tuple[pd.DataFrame, Integers]:
    """Return a row for each profile of the chosen rows, and the profile of each of these."""
    import patsy

    described = patsy.ModelDesc.from_formula(formula)
    terms = [*described.lhs_termlist, *described.rhs_termlist]
    variables = {factor.name() for term in terms for factor in term.factors}
    row = np.arange(len(position))
    # A column may be named like an expression, which is what the formula then means.
    only_columns = all(name.isidentifier() and name in data for name in variables)
    if not (only_columns and data.columns.is_unique):
        return use_plain_types(data.iloc[position].reset_index(drop=True)), row
    columns = [data[name].array[position] for name in sorted(variables)]
    codes = [pd.factorize(column, use_na_sentinel=False)[0] for column in columns]
    profile, of_profiles, *_ = number_profiles(len(position), codes)
    any_row = np.zeros(len(of_profiles), dtype=np.intp)
    any_row[profile] = row
    return use_plain_types(data.iloc[position[any_row]].reset_index(drop=True)), profile


def _level_indicators(recipe: Any, rows: pd.DataFrame) -> list[tuple[str, list[Any], Mask]]:
    """Name, levels and (m, levels) membership of each categorical variable of the model."""
    variables = []
    for factor, info in recipe.factor_infos.items():
        if info.type == "categorical":
            values = factor.eval(info.state, rows)
            # C(...) comes in a box, beside its contrast.
            labels = np.asarray(values.data if hasattr(values, "contrast") else values, object)
            levels = list(info.categories)
            variables.append(
                (factor.name(), levels, labels[:, np.newaxis] == np.array(levels, object))
            )
    return variables


def _refuse_empty_levels(formula: str, recipe: Any, rows: pd.DataFrame) -> None:
    for name, levels, indicators in _level_indicators(recipe, rows):
        empty = [
            level
            for level, has_rows in zip(levels, indicators.any(axis=0), strict=True)
            if not has_rows
        ]
        if empty:
            finding = f"level '{empty[0]}' of '{name}' has no rows"
            raise InputError(f"formula '{formula}'", finding, "Remove the level or join it")


def _refuse_combinations(formula: str, matrix: Floats, columns: list[str]) -> None:
    """Refuse columns that are zero or combinations of the columns before them."""
    lengths = np.sqrt((matrix**2).sum(axis=0))
    empty = [name for name, length in zip(columns, lengths, strict=True) if length == 0]
    if empty:
        finding = f"'{empty[0]}' has no rows"
        raise InputError(f"formula '{formula}'", finding, "Leave the term out, or join levels")
    # Without pivoting a combination shows at its own place: nothing is left of it there.
    remainder = np.abs(np.diag(np.linalg.qr(matrix / lengths, mode="r")))
    remainder = np.concatenate([remainder, np.zeros(len(columns) - len(remainder))])
    combined = [
        name for name, left in zip(columns, remainder, strict=True) if left < RANK_TOLERANCE
    ]
    if not combined:
        return
    finding = f"'{', '.join(combined)}' is a combination of the other columns"
    raise InputError(f"formula '{formula}'", finding, "Leave one of them out")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
