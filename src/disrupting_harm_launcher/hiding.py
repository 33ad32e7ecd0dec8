"""Hiding a library that is installed from one that would load it and need not."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def hide_within(*libraries: str) -> Iterator[None]:
    """Let imports of libraries that are not loaded fail inside the block, as if not installed."""
    absent = [name for name in libraries if name not in sys.modules]
    hide_libraries(*absent)
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


def hide_libraries(*libraries: str) -> None:
    """Let imports of libraries that are not loaded fail from now on."""
    for name in libraries:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
