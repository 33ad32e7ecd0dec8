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
from disrupting_harm.publication.disclosure.audit_case import Case, as_printed, case_of_release
from disrupting_harm.publication.disclosure.disclosure import Cells, Steps
from disrupting_harm.publication.disclosure.earlier_releases import CELL, Earlier
from disrupting_harm.publication.disclosure.equations import Equations
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.publication_config import FEW, Publication
from disrupting_harm.study.statuses import NOT_ASKED

# What steps tell at least and at most, and what they do where they tell nothing.
_LIMITS = {"low": 0.0, "high": np.inf, "no_low": 0.0, "asked_low": 0.0, "asked_high": np.inf}
_Sets = TypeVar("_Sets", Floats, Mask)


def hidden_again(case: Case, hidden: pd.DataFrame, stays: Mask) -> Case:
    """Return a case whose cells start where an earlier release hid them, at the earliest.

    Args:
        case: of the new release.
        hidden: from :meth:`Earlier.hidden`.
        stays: (C,) cells of which the new release prints nothing.
    """
    start = np.maximum(case.steps.start, as_printed(case.steps, hidden))
    last = len(case.steps.sign) - 1
    return replace(case, steps=replace(case.steps, start=np.where(stays, last, start)))


def with_earlier(
    case: Case,
    earlier: Earlier,
    publication: Publication,
    codebook: Codebook,
    few: int = FEW,
) -> Case:
    """Return the union of a new release and all earlier ones.

    Its first cells are those of ``case``; those of earlier releases have one step, as printed.
    """
    # Of a table that stays as it was, the new release prints nothing, not even a "c".
    stays = earlier.stays(case.cells.keys)
    silent = tuple(_without(each, stays) for each in case.attackers)
    union = replace(case, attackers=silent)
    # Nothing ties an indicator that the codebook has no more to others.
    known = earlier.cells["indicator"].isin([entry.id for entry in codebook.indicators])
    asked = earlier.cells[known & (earlier.cells["status"] != NOT_ASKED)]
    for _, printed in asked.groupby("release", sort=False):
        own = printed.sort_values(CELL).reset_index(drop=True)
        before, step = case_of_release(own, publication, codebook, few)
        union = _joined(union, _fixed(before, step), _places(case.cells, own))
    return union if asked.empty else _no_closer(union, len(case.cells))


def _no_closer(union: Case, new: int) -> Case:
    """Return a union whose numbers stay in doubt as far as earlier releases leave them in doubt.

    What these tell by themselves, nothing that the new release, its first cells, prints or hides
    can change: it only must not tell more.
    """
    attackers = []
    for each in union.attackers:
        own = np.arange(len(union.cells)) < new
        told = audit(_without(each, own).system(union.steps.start), each.targets)
        attackers.append(replace(each, targets=each.targets.no_closer(told)))
    return replace(union, attackers=tuple(attackers))


def _without(attacker: Attacker, silent: Mask) -> Attacker:
    """Return an attacker to whom some cells (C,) tell nothing, at no step.

    Even a bare ``c`` tells that there is no bound.
    """
    limits = {name: getattr(attacker, name).copy() for name in _LIMITS}
    for name, empty in _LIMITS.items():
        limits[name][..., silent] = empty
    return replace(attacker, **limits)


def _places(cells: Cells, printed: pd.DataFrame) -> Integers:
    """Return for each cell of an earlier release the same one of the new release; -1 if none is."""
    new, old = (pd.MultiIndex.from_frame(keys[CELL]) for keys in (cells.keys, printed))
    return np.where(printed["same"], new.get_indexer(old), -1)


def _fixed(case: Case, step: Integers) -> Case:
    """Return a case in which each cell has only the step at which it is printed."""
    possible = np.arange(len(case.steps.sign))[:, np.newaxis] == step
    return replace(case, steps=replace(case.steps, possible=possible, start=step))


def _joined(first: Case, second: Case, same: Integers) -> Case:
    """Return the cells of two cases as one; ``same`` are places in the first, or -1."""
    one, other = first.steps, second.steps
    steps = Steps(
        sign=np.concatenate([one.sign, other.sign], axis=1),
        bound=np.concatenate([one.bound, other.bound], axis=1),
        possible=np.concatenate([one.possible, other.possible], axis=1),
        first=np.concatenate([one.first, other.first]),
        bare=np.concatenate([one.bare, other.bare]),
        start=np.concatenate([one.start, other.start]),
    )
    attackers = tuple(
        _tied(*pair, same) for pair in zip(first.attackers, second.attackers, strict=True)
    )
    return Case(_stacked(first.cells, second.cells), steps, attackers)


def _stacked(first: Cells, second: Cells) -> Cells:
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


def _tied(first: Attacker, second: Attacker, same: Integers) -> Attacker:
    """Return one attacker of two releases."""
    sets = len(first.true), len(second.true)
    cells = len(first.equations.asked), len(second.equations.asked)
    place = _columns(sets, cells)
    asked = [place[0][first.equations.asked], place[1][second.equations.asked]]
    old = np.flatnonzero(same >= 0)
    yes = np.column_stack([same[old], cells[0] + old])
    answers = np.column_stack([asked[0][same[old]], asked[1][old]])
    ties = _equal(np.unique(np.concatenate([yes, answers]), axis=0), sum(sets))
    true = _placed(first.true, second.true, place)
    differ = ties @ np.nan_to_num(true)
    most_apart = np.maximum(differ, 0.0)
    is_tie = np.ones(ties.shape[0], dtype=bool)
    return Attacker(
        measure=first.measure,
        equations=Equations(
            matrix=vstack(
                [
                    _moved(first.equations.matrix, place[0], sum(sets)),
                    _moved(second.equations.matrix, place[1], sum(sets)),
                    ties,
                ],
                format="csr",
            ),
            asked=np.concatenate(asked),
            no=np.concatenate([first.equations.no, len(first.floor) + second.equations.no]),
            none=np.concatenate([first.equations.none, second.equations.none, is_tie]),
            family=np.concatenate(
                [first.equations.family, second.equations.family, [""] * len(is_tie)]
            ),
        ),
        # Sums of weights may differ a little, and imputed answers: the truth is never left out.
        floor=np.concatenate([first.floor, second.floor, np.minimum(differ, 0.0)]),
        room=np.concatenate([first.room, second.room, most_apart]),
        true=true,
        low=np.concatenate([first.low, second.low], axis=-1),
        high=np.concatenate([first.high, second.high], axis=-1),
        no_low=np.concatenate([first.no_low, second.no_low], axis=-1),
        asked_low=np.concatenate([first.asked_low, second.asked_low], axis=-1),
        asked_high=np.concatenate([first.asked_high, second.asked_high], axis=-1),
        asked_known=_placed(first.asked_known, second.asked_known, place),
        most_asked=_placed(first.most_asked, second.most_asked, place),
        targets=_targets(first.targets, second.targets, place),
    )


def _placed(first: _Sets, second: _Sets, place: tuple[Integers, Integers]) -> _Sets:
    """Return what is known by set of two systems, in the columns of one."""
    found = np.concatenate([first, second])
    found[place[0]], found[place[1]] = first, second
    return found


def _columns(sizes: tuple[int, int], cells: tuple[int, int]) -> tuple[Integers, Integers]:
    """Return the columns of two systems in one: first those who said yes, of both."""
    yes, all_yes = cells[0], sum(cells)
    first = np.arange(sizes[0]) + np.where(np.arange(sizes[0]) < yes, 0, all_yes - yes)
    rest = np.where(np.arange(sizes[1]) < cells[1], yes, sizes[0])
    return first, np.arange(sizes[1]) + rest


def _moved(matrix: csr_array, place: Integers, columns: int) -> csr_array:
    entries = matrix.tocoo()
    shape = (matrix.shape[0], columns)
    return coo_array((entries.data, (entries.row, place[entries.col])), shape=shape).tocsr()


def _equal(pairs: Integers, columns: int) -> csr_array:
    """Return rows that are zero where two columns are equal."""
    row = np.repeat(np.arange(len(pairs)), 2)
    sign = np.tile([1.0, -1.0], len(pairs))
    return csr_array((sign, (row, pairs.ravel())), shape=(len(pairs), columns))


def _targets(first: Targets, second: Targets, place: tuple[Integers, Integers]) -> Targets:
    return Targets(
        np.concatenate([place[0][first.column], place[1][second.column]]),
        np.concatenate([first.width, second.width]),
        np.concatenate([first.above, second.above]),
        np.concatenate([first.below, second.below]),
    )
