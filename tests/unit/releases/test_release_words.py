"""What is said of a country names no small number, and no question."""

import pytest

from disrupting_harm.releases.release_messages import summarise_country


def tables(decision: str, held: str = "", **domains: bool) -> list[dict[str, object]]:
    """A question and a follow-up in domains, which stay or not, whatever anybody answered."""
    return [
        {
            "domain": domain, "decision": "frozen" if stays else decision, "by_moves": stays,
            "follow_up": follow_up, "held": held,
        }
        for domain, stays in domains.items()
        for follow_up in (False, True)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (tables("equal", total=False), "KEN: all may be published anew after release 2026-1."),
        (
            tables("held", "few", total=True, sex=True),
            "KEN stays as in 2026-1. Fewer than 10 of its respondents changed, and nothing is "
            "published of so few. Collect changes until the next date of publication.",
        ),
        (
            tables("held", "all or none", total=False, sex=True),
            "KEN stays as in 2026-1. Of some groups too few respondents changed, and 'on_change' "
            "is 'hold': all is published anew, or nothing.",
        ),
        (
            tables("held", "told", total=False),
            "KEN stays as in 2026-1. The new numbers beside the old ones would tell what a "
            "respondent answered. Collect changes until the next date of publication.",
        ),
        (
            tables("reissue", total=False, sex=False, region=True),
            "KEN: anew for all respondents, by sex; as in 2026-1 by region, of some follow-up "
            "questions. This follows from how many respondents changed in each group, never from "
            "what they said.",
        ),
        (
            [
                *tables("reissue", total=False),
                {"domain": "total", "decision": "frozen", "by_moves": False, "follow_up": False,
                 "held": ""},
            ],
            "KEN: anew for all respondents; as in 2026-1 of questions with few corrected answers. "
            "This follows from how many respondents changed in each group, never from what they "
            "said.",
        ),
    ],
    ids=["all", "few", "all or none", "told", "some groups", "corrected"],
)  # fmt: skip
def test_a_country_in_one_or_two_sentences(rows: list[dict[str, object]], told: str) -> None:
    assert summarise_country("KEN", rows, "2026-1") == told
