"""Rows on what countries need in words: what each rests on, and what was compared."""

from pathlib import Path

import pytest

from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.report.findings.recommendations import load_recommendations
from disrupting_harm.report.web.explained.need_sentences import describe_needs
from disrupting_harm.report.web.explained.row_sentences import RowText
from disrupting_harm.study.study import load_study

ROOT = Path(__file__).parents[3]
SHARE = {
    "country": "KEN", "action": "make_help_known", "kind": "survey", "group": "start_here",
    "needed_in": "5", "address": "KEN/knows_where_to_get_help/shown", "others": "12",
    "mean_whole_low": "50", "mean_whole_high": "50", "gap": "0.136", "points": "14",
    "points_low": "5", "clear": "True",
}  # fmt: skip


def describe(public: Path, row: dict[str, str]) -> RowText:
    (public / "countries" / "KEN").mkdir(parents=True, exist_ok=True)
    (public / "countries" / "KEN" / "estimates.csv").write_text(
        "country,indicator,domain,level,shown\nKEN,knows_where_to_get_help,total,all,36.4\n",
        encoding="utf-8",
    )
    study = load_study(ROOT / "config" / "config.yaml")
    actions = load_recommendations(ROOT / "config" / "recommendations.yaml", study.codebook)
    texts = describe_needs({"compare/needs/x": row}, actions, study, PublishedFiles(public))
    return texts["compare/needs/x"]


@pytest.mark.parametrize(
    ("changes", "title", "sentence"),
    [
        (
            {},
            "Kenya: “Make services known to children”, clearly behind the mean of others: start "
            "here",
            "It rests on a share of the survey, 36.4%. The mean of 12 others is 50%: 14 points "
            "worse, at least 5; clear. 5 of 14 countries need it.",
        ),
        (
            {"group": "also_needed", "points": "-1", "points_low": "-6", "clear": "False"},
            "Kenya: “Make services known to children”, needed",
            "It rests on a share of the survey, 36.4%. The mean of 12 others is 50%: 1 point "
            "better; not clear. 5 of 14 countries need it.",
        ),
        (
            {"group": "also_needed", "gap": ""},
            "Kenya: “Make services known to children”, needed",
            "It rests on a share of the survey, 36.4%. It was compared with nothing. "
            "5 of 14 countries need it.",
        ),
        (
            {"mean_whole_low": "49"},
            "Kenya: “Make services known to children”, clearly behind the mean of others: start "
            "here",
            "It rests on a share of the survey, 36.4%. The mean of 12 others is 49 to 50%, as some "
            "are hidden: 14 points worse, at least 5; clear. 5 of 14 countries need it.",
        ),
    ],
)
def test_a_share_stands_beside_the_mean_of_others(
    tmp_path: Path, changes: dict[str, str], title: str, sentence: str
) -> None:
    text = describe(tmp_path, SHARE | changes)
    assert (text.title, text.steps) == (title, [("", sentence)])
    assert text.link == ("KEN.html#knows_where_to_get_help", "How that number was made")


def test_a_review_says_who_has_it_and_a_count_that_nothing_is_compared(tmp_path: Path) -> None:
    review = SHARE | {
        "kind": "review", "others": "13", "in_place": "8",
        "address": "KEN/policy/media/terminology/a_review/answer",
    }  # fmt: skip
    text = describe(tmp_path, review)
    assert text.title.endswith("more than half of the others have it: start here")
    assert "Of 13 others of which that is known, 8 have it in place" in text.steps[0][1]
    assert text.link == (
        "evidence/KEN.html#policy/media/terminology/a_review", "Where that comes from"
    )  # fmt: skip
    text = describe(tmp_path, review | {"kind": "count", "group": "also_needed"})
    assert text.title.endswith("needed")
    assert "compared with nothing" in text.steps[0][1]
