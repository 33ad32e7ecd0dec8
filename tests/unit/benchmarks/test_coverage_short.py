"""The simulation of marked intervals: its samples have the coverage that the page tells of."""

import numpy as np
import pytest


@pytest.mark.parametrize(
    ("design", "marked", "plain"),
    [((30, 20, 0.2, 0.02, 1.0), 1.0, (0.70, 0.90)), ((60, 15, 0.1, 0.2, 0.5), 0.0, (0.93, 0.98))],
)
def test_marks_tell_where_the_interval_falls_short(
    design: tuple, marked: float, plain: tuple[float, float]
) -> None:
    import coverage_short

    samples = coverage_short.draw_samples(np.random.default_rng(3), *design, samples=600)
    assert abs(samples["marked"].mean() - marked) < 0.1
    least, most = plain
    assert least < samples["plain_covers"].mean() < most
    assert samples["stabilised_covers"].mean() > 0.935
    # An interval that misses lies on one side of the truth, and a wider one misses less often.
    assert (samples["plain_below"] & samples["plain_covers"]).sum() == 0
    assert (samples["stabilised_width"] >= samples["plain_width"] - 1e-12).all()
