"""What the columns of bounds say of a printed text such as ``< 10``."""


def bounds_of(text):
    """The columns ``bound_low`` and ``bound_high``; none where no bound is printed."""
    if text[:1] not in ("<", ">"):
        return {}
    share = float(text[1:]) / 100
    low, high = (0.0, share) if text[0] == "<" else (share, 1.0)
    return {"bound_low": low, "bound_high": high}
