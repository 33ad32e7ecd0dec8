"""How lists of figures call the cut that is as wide as the page."""

WIDE_CUT = "wide"
