"""The contract of the table of model estimates, which is restricted and has no public form."""

from disrupting_harm.study.statuses import DATA_KINDS
from disrupting_harm.tables.rules import (
    FLAG,
    POSITIVE,
    REAL,
    SHARE,
    count,
    in_order,
    table_contract,
    text,
)

MODELLED = table_contract(
    "model estimates",
    {
        **{name: text() for name in ("indicator", "domain", "level", "country")},
        "n": count(),
        **dict.fromkeys(("model_estimate", "model_low", "model_high", "own_share"), SHARE),
        "shift": REAL,
        "tau2": POSITIVE,
        "deff": POSITIVE,
        "kind": text(),
        "beyond_direct": FLAG,
        "data_kind": text(*DATA_KINDS),
    },
    in_order("model_low", "model_estimate", "model_high"),
)
