"""Hadamard matrices: ±1 with orthogonal rows, for balanced repeated replication."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Signs: TypeAlias = NDArray[np.int8]

# Orders up to this many times the one asked for are tried; doubling always finds one below two.
ENOUGH = 2

DOUBLING: Signs = np.array([[1, 1], [1, -1]], dtype=np.int8)


def hadamard(order: int) -> Signs:
    """Return the smallest Hadamard matrix of at least this order that the constructions reach.

    They are Sylvester's doubling and Paley's two constructions for prime numbers (Paley 1933,
    Journal of Mathematics and Physics 12). Of the multiples of four up to 100 they leave out 52, 92
    and 100.

    Args:
        order: smallest order wanted, at least 1.

    Returns:
        (m, m) ±1 with ``m >= order``, ``H Hᵀ = m I`` and a first row and column of ones.
    """
    for size in range(order, ENOUGH * order + 1):
        found = _of_order(size)
        if found is not None:
            # Signs of columns, then of rows, are free: make the first row and column ones.
            found = found * found[0]
            standard: Signs = found * found[:, :1]
            return standard
    raise AssertionError("doubling reaches a power of two below twice any order")


def _of_order(size: int) -> Signs | None:
    if size <= 2:
        return DOUBLING[:size, :size]
    if size % 4:
        return None
    if _is_prime(size - 1):
        return _paley_one(size - 1)
    if size % 8 == 4 and _is_prime(size // 2 - 1):
        return _paley_two(size // 2 - 1)
    half = _of_order(size // 2)
    return None if half is None else _product(DOUBLING, half)


def _paley_one(q: int) -> Signs:
    """Order ``q + 1`` for a prime ``q`` that leaves 3 when divided by 4."""
    skew = np.zeros((q + 1, q + 1), dtype=np.int8)
    skew[0, 1:], skew[1:, 0] = 1, -1
    skew[1:, 1:] = _characters(q)
    return skew + np.eye(q + 1, dtype=np.int8)


def _paley_two(q: int) -> Signs:
    """Order ``2 (q + 1)`` for a prime ``q`` that leaves 1 when divided by 4."""
    symmetric = np.zeros((q + 1, q + 1), dtype=np.int8)
    symmetric[0, 1:], symmetric[1:, 0] = 1, 1
    symmetric[1:, 1:] = _characters(q)
    diagonal = np.array([[1, -1], [-1, -1]], dtype=np.int8)
    return _product(symmetric, DOUBLING) + _product(np.eye(q + 1, dtype=np.int8), diagonal)


def _product(a: Signs, b: Signs) -> Signs:
    """Put ``b``, times each number of ``a``, in the place of that number."""
    product: Signs = np.kron(a, b).astype(np.int8)
    return product


def _characters(q: int) -> Signs:
    """(q, q) one where ``i - j`` is a square modulo ``q``, minus one where not, zero if equal."""
    character = np.full(q, -1, dtype=np.int8)
    character[(np.arange(1, q) ** 2) % q] = 1
    character[0] = 0
    difference = np.subtract.outer(np.arange(q), np.arange(q)) % q
    found: Signs = character[difference]
    return found


def _is_prime(number: int) -> bool:
    return number > 1 and all(number % factor for factor in range(2, int(number**0.5) + 1))
