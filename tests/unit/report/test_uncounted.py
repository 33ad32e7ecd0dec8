"""Who sees some of the answers that make up a whole is told of the others."""

from pathlib import Path

from disrupting_harm.report.findings.other_answers import describe_uncounted_answers
from disrupting_harm.report.language.translator import build_english
from disrupting_harm.study.codebook.codebook import load_codebook

CODEBOOK = load_codebook(Path(__file__).parents[3] / "config" / "indicators.yaml")


def test_answers_that_no_part_counts_are_named_in_the_words_of_the_codebook() -> None:
    translator = build_english()
    whole, family, child, unknown = (
        CODEBOOK.indicator(f"offender_{name}") for name in ("known", "family", "child", "unknown")
    )
    said = describe_uncounted_answers(translator, CODEBOOK, whole, [whole, family, child, unknown])
    assert said == (
        "“Someone known” also counts answers that have no number of their own: “Another adult "
        "known to the child” and “A current or former romantic partner”."
    )
    # Without a part beside it, or with all of them, nobody takes the parts for the whole.
    assert describe_uncounted_answers(translator, CODEBOOK, whole, [whole, unknown]) == ""
    others = family.model_copy(
        update={
            "numerator": (
                family.numerator[0].model_copy(update={"among": ("other_known_adult", "partner")}),
            )
        }
    )
    assert describe_uncounted_answers(translator, CODEBOOK, whole, [family, child, others]) == ""
