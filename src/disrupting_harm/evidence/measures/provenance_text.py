"""Sources and kinds of data of a figure that is made of several rows."""

import pandas as pd


def join_texts(texts: pd.Series) -> str:
    """Return different texts in the order in which they first stand, e.g. of sources."""
    return "; ".join(text for text in dict.fromkeys(texts) if text)


def join_kinds(kinds: pd.Series) -> str:
    """Return the data kind of a figure: simulated if any part of it is, then observed."""
    present_kinds = set(kinds)
    return next(kind for kind in ("simulated", "observed", "published") if kind in present_kinds)
