"""A short study of silence: sets with a margin hold ranks that today's sets do not."""

import numpy as np


def test_a_margin_holds_the_ranks_of_the_silent() -> None:
    """40 samples: 0.95 less three standard errors is 0.847."""
    import silence

    random = np.random.default_rng(5)
    truth = silence.TRUTHS["all tied at 15 %"]
    silent = silence.patterns(0.3, truth, random)["half of the countries"]
    today, margin = silence.ranks_held(truth, silent, 0.3, 40, random)
    assert today < 0.6
    assert margin > 0.847


def test_few_claims_are_false() -> None:
    """400 samples: 2.5 per cent and three standard errors are 4.9."""
    import silence

    assert silence.false_claims(0.15, 0.2, 400, np.random.default_rng(6)) < 0.049
