"""A new release and earlier ones of the same country, attacked together.

Each release is a system of equations of its own: it is of its own children. Behind some cells,
though, nobody differs from an earlier release. There as many children answered as before, and as
many said yes: two rows more tie the cell of one release to that of the other. So what either of
them prints of it is known of both.

What earlier releases printed cannot be taken back. Only the new one is hidden more.
"""

from dataclasses import replace
from typing import TypeVar

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array, vstack

from designbased.arrays import Floats, Integers, Mask
from disrupting_harm.publication.disclosure.attackers import Attacker
from disrupting_harm.publication.disclosure.audit import Targets, audit
from disrupting_harm.publication.disclosure.audit_case import (
    AuditCase,
    build_case_of_release,
    find_printed_steps,
)
from disrupting_harm.publication.disclosure.cells_and_steps import Cells, Steps
from disrupting_harm.publication.disclosure.earlier_releases import CELL, EarlierReleases
from disrupting_harm.publication.disclosure.equations import Equations
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.publication_config import FEW, Publication
from disrupting_harm.study.statuses import NOT_ASKED

# What steps tell at least and at most, and what they do where they tell nothing.
_LIMITS = {"low": 0.0, "high": np.inf, "no_low": 0.0, "asked_low": 0.0, "asked_high": np.inf}
_Sets = TypeVar("_Sets", Floats, Mask)


def keep_hidden(audit_case: AuditCase, hidden: pd.DataFrame, is_frozen: Mask) -> AuditCase:
    """Return a case whose cells start where an earlier release hid them, at the earliest.

    Args:
        audit_case: of the new release.
        hidden: from :meth:`EarlierReleases.hidden_cells`.
        is_frozen: (C,) cells of which the new release prints nothing.
    """
    start = np.maximum(audit_case.steps.start, find_printed_steps(audit_case.steps, hidden))
    last = len(audit_case.steps.sign) - 1
    return replace(
        audit_case, steps=replace(audit_case.steps, start=np.where(is_frozen, last, start))
    )


def join_earlier_releases(
    audit_case: AuditCase,
    earlier: EarlierReleases,
    publication: Publication,
    codebook: Codebook,
    few: int = FEW,
) -> AuditCase:
    """Return the union of a new release and all earlier ones.

    Its first cells are those of ``audit_case``; those of earlier releases have one step, as they
    were printed.
    """
    # Of a table that stays as it was, the new release prints nothing, not even a "c".
    is_frozen = earlier.is_frozen(audit_case.cells.keys)
    silenced = tuple(_silence_cells(attacker, is_frozen) for attacker in audit_case.attackers)
    union = replace(audit_case, attackers=silenced)
    # Nothing ties an indicator that the codebook has no more to others.
    has_indicator = earlier.cells["indicator"].isin(
        [indicator.id for indicator in codebook.indicators]
    )
    asked_cells = earlier.cells[has_indicator & (earlier.cells["status"] != NOT_ASKED)]
    for _, printed_cells in asked_cells.groupby("release", sort=False):
        sorted_cells = printed_cells.sort_values(CELL).reset_index(drop=True)
        earlier_case, step = build_case_of_release(sorted_cells, publication, codebook, few)
        union = _join_cases(
            union, _fix_steps(earlier_case, step), _match_cells(audit_case.cells, sorted_cells)
        )
    return union if asked_cells.empty else _relax_targets(union, len(audit_case.cells))


def _relax_targets(union: AuditCase, count_of_new: int) -> AuditCase:
    """Return a union whose numbers stay in doubt as far as earlier releases leave them in doubt.

    What these tell by themselves, nothing that the new release, its first cells, prints or hides
    can change: it only must not tell more.
    """
    attackers = []
    for attacker in union.attackers:
        is_new = np.arange(len(union.cells)) < count_of_new
        disclosures = audit(
            _silence_cells(attacker, is_new).system(union.steps.start), attacker.targets
        )
        attackers.append(replace(attacker, targets=attacker.targets.relax(disclosures)))
    return replace(union, attackers=tuple(attackers))


def _silence_cells(attacker: Attacker, is_silent: Mask) -> Attacker:
    """Return an attacker to whom some cells (C,) tell nothing, at no step.

    Even a bare ``c`` tells that there is no bound.
    """
    limits = {name: getattr(attacker, name).copy() for name in _LIMITS}
    for name, empty in _LIMITS.items():
        limits[name][..., is_silent] = empty
    return replace(attacker, **limits)


def _match_cells(cells: Cells, printed_cells: pd.DataFrame) -> Integers:
    """Return for each cell of an earlier release the same one of the new release; -1 if none is."""
    new_keys, old_keys = (
        pd.MultiIndex.from_frame(keys[CELL]) for keys in (cells.keys, printed_cells)
    )
    return np.where(printed_cells["same"], new_keys.get_indexer(old_keys), -1)


def _fix_steps(audit_case: AuditCase, step: Integers) -> AuditCase:
    """Return a case in which each cell has only the step at which it is printed."""
    is_printed_step = np.arange(len(audit_case.steps.sign))[:, np.newaxis] == step
    return replace(
        audit_case, steps=replace(audit_case.steps, possible=is_printed_step, start=step)
    )


def _join_cases(first: AuditCase, second: AuditCase, same_cells: Integers) -> AuditCase:
    """Return the cells of two cases as one; ``same_cells`` are places in the first, or -1."""
    new_steps, old_steps = first.steps, second.steps
    steps = Steps(
        sign=np.concatenate([new_steps.sign, old_steps.sign], axis=1),
        bound=np.concatenate([new_steps.bound, old_steps.bound], axis=1),
        possible=np.concatenate([new_steps.possible, old_steps.possible], axis=1),
        smallest_bound=np.concatenate([new_steps.smallest_bound, old_steps.smallest_bound]),
        least_of_bare=np.concatenate([new_steps.least_of_bare, old_steps.least_of_bare]),
        start=np.concatenate([new_steps.start, old_steps.start]),
    )
    attackers = tuple(
        _tie_attackers(*pair, same_cells)
        for pair in zip(first.attackers, second.attackers, strict=True)
    )
    return AuditCase(_stack_cells(first.cells, second.cells), steps, attackers)


def _stack_cells(first: Cells, second: Cells) -> Cells:
    return Cells(
        keys=pd.concat([first.keys, second.keys], ignore_index=True),
        n=np.concatenate([first.n, second.n]),
        n_printed=np.concatenate([first.n_printed, second.n_printed]),
        yes=np.concatenate([first.yes, second.yes]),
        share=np.concatenate([first.share, second.share]),
        weight=np.concatenate([first.weight, second.weight]),
        proportion=np.concatenate([first.proportion, second.proportion]),
        unreliable=np.concatenate([first.unreliable, second.unreliable]),
        minimum=np.concatenate([first.minimum, second.minimum]),
        least_answers=np.concatenate([first.least_answers, second.least_answers], axis=-1),
        own_low=np.concatenate([first.own_low, second.own_low]),
        own_high=np.concatenate([first.own_high, second.own_high]),
    )


def _tie_attackers(first: Attacker, second: Attacker, same_cells: Integers) -> Attacker:
    """Return one attacker of two releases."""
    sets = len(first.true), len(second.true)
    counts_of_cells = len(first.equations.asked_columns), len(second.equations.asked_columns)
    merged_column = _merge_columns(sets, counts_of_cells)
    asked_columns = [
        merged_column[0][first.equations.asked_columns],
        merged_column[1][second.equations.asked_columns],
    ]
    tied_cells = np.flatnonzero(same_cells >= 0)
    yes_columns = np.column_stack([same_cells[tied_cells], counts_of_cells[0] + tied_cells])
    answers = np.column_stack(
        [asked_columns[0][same_cells[tied_cells]], asked_columns[1][tied_cells]]
    )
    ties = _equality_rows(np.unique(np.concatenate([yes_columns, answers]), axis=0), sum(sets))
    true = _merge_by_column(first.true, second.true, merged_column)
    differences = ties @ np.nan_to_num(true)
    most_apart = np.maximum(differences, 0.0)
    is_tie = np.ones(ties.shape[0], dtype=bool)
    return Attacker(
        measure=first.measure,
        equations=Equations(
            matrix=vstack(
                [
                    _move_columns(first.equations.matrix, merged_column[0], sum(sets)),
                    _move_columns(second.equations.matrix, merged_column[1], sum(sets)),
                    ties,
                ],
                format="csr",
            ),
            asked_columns=np.concatenate(asked_columns),
            no_rows=np.concatenate(
                [first.equations.no_rows, len(first.floor) + second.equations.no_rows]
            ),
            is_zero=np.concatenate([first.equations.is_zero, second.equations.is_zero, is_tie]),
            family=np.concatenate(
                [first.equations.family, second.equations.family, [""] * len(is_tie)]
            ),
        ),
        # Sums of weights may differ a little, and imputed answers: the truth is never left out.
        floor=np.concatenate([first.floor, second.floor, np.minimum(differences, 0.0)]),
        room=np.concatenate([first.room, second.room, most_apart]),
        true=true,
        low=np.concatenate([first.low, second.low], axis=-1),
        high=np.concatenate([first.high, second.high], axis=-1),
        no_low=np.concatenate([first.no_low, second.no_low], axis=-1),
        asked_low=np.concatenate([first.asked_low, second.asked_low], axis=-1),
        asked_high=np.concatenate([first.asked_high, second.asked_high], axis=-1),
        asked_known=_merge_by_column(first.asked_known, second.asked_known, merged_column),
        most_asked=_merge_by_column(first.most_asked, second.most_asked, merged_column),
        targets=_join_targets(first.targets, second.targets, merged_column),
    )


def _merge_by_column(
    first: _Sets, second: _Sets, merged_column: tuple[Integers, Integers]
) -> _Sets:
    """Return what is known by set of two systems, in the columns of one."""
    merged = np.concatenate([first, second])
    merged[merged_column[0]], merged[merged_column[1]] = first, second
    return merged


def _merge_columns(
    counts_of_sets: tuple[int, int], counts_of_cells: tuple[int, int]
) -> tuple[Integers, Integers]:
    """Return the columns of two systems in one: first those who said yes, of both."""
    yes, all_yes = counts_of_cells[0], sum(counts_of_cells)
    first_columns = np.arange(counts_of_sets[0]) + np.where(
        np.arange(counts_of_sets[0]) < yes, 0, all_yes - yes
    )
    shift = np.where(np.arange(counts_of_sets[1]) < counts_of_cells[1], yes, counts_of_sets[0])
    return first_columns, np.arange(counts_of_sets[1]) + shift


def _move_columns(matrix: csr_array, merged_column: Integers, columns: int) -> csr_array:
    coordinates = matrix.tocoo()
    shape = (matrix.shape[0], columns)
    return coo_array(
        (coordinates.data, (coordinates.row, merged_column[coordinates.col])), shape=shape
    ).tocsr()


def _equality_rows(pairs: Integers, columns: int) -> csr_array:
    """Return rows that are zero where two columns are equal."""
    row = np.repeat(np.arange(len(pairs)), 2)
    sign = np.tile([1.0, -1.0], len(pairs))
    return csr_array((sign, (row, pairs.ravel())), shape=(len(pairs), columns))


def _join_targets(
    first: Targets, second: Targets, merged_column: tuple[Integers, Integers]
) -> Targets:
    return Targets(
        np.concatenate([merged_column[0][first.column], merged_column[1][second.column]]),
        np.concatenate([first.width, second.width]),
        np.concatenate([first.must_exceed, second.must_exceed]),
        np.concatenate([first.must_undercut, second.must_undercut]),
    )
