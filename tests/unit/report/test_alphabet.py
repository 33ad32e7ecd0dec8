"""The order of names in each language."""

from disrupting_harm.report.language.collation import build_sort_key


def test_names_are_in_the_order_of_a_dictionary() -> None:
    portuguese = ["Ruanda", "África do Sul", "Etiópia", "Camboja"]
    assert sorted(portuguese, key=build_sort_key) == [
        "África do Sul",
        "Camboja",
        "Etiópia",
        "Ruanda",
    ]
    # Kenya, Thailand and Viet Nam begin with a vowel sign that is read after its consonant.
    thai = ["นามิเบีย", "เวียดนาม", "ไทย", "เคนยา", "กัมพูชา", "อินโดนีเซีย"]
    assert sorted(thai, key=build_sort_key) == [
        *("กัมพูชา", "เคนยา", "ไทย", "นามิเบีย", "เวียดนาม", "อินโดนีเซีย")
    ]
