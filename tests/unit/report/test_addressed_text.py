"""Plain texts whose numbers carry addresses: nothing of them is drawn, and all of it is listed."""

from disrupting_harm.provenance.addresses import with_address
from disrupting_harm.report.language.addressed_text import (
    AddressedNumber,
    add_address,
    merge_addresses,
    split_addresses,
    strip_addresses,
)
from disrupting_harm.report.language.translator import ADDRESSED, build_english

WORDS = build_english().with_markup(ADDRESSED)
SHARE = with_address(0.173, "KEN/told_nobody/estimate")
LIMIT = with_address(0.1, "KEN/told_police/shown")


def test_a_text_is_split_into_what_is_read_and_where_its_numbers_come_from():
    text = WORDS("In {area}: {share} of {n}.", share=WORDS.percent(SHARE), n=WORDS.number(3))
    said = "In country: 17 of 3."
    assert strip_addresses(text) == said
    assert split_addresses(text) == (said, (AddressedNumber("KEN/told_nobody/estimate", "17", 12),))
    assert said[12:14] == "17"


def test_documents_write_numbers_without_them():
    assert build_english().percent(SHARE) == "17"
    assert build_english().number(with_address(1054, "KEN/told_nobody/n")) == "1,054"


def test_a_label_that_looks_like_an_address_stays_a_label():
    label = '[17]{n="KEN/told_nobody/estimate"}'
    assert split_addresses(f"{label} {WORDS.percent(SHARE)}")[0] == f"{label} 17"
    assert strip_addresses(label) == label


def test_one_text_for_several_has_the_addresses_of_all():
    texts = [
        WORDS("under {limit}", limit=WORDS.percent(with_address(0.1, f"KEN/{name}/shown")))
        for name in ("told_police", "told_sibling")
    ]
    assert merge_addresses(texts[:1]) == texts[0]
    assert split_addresses(merge_addresses(texts)) == (
        "under 10",
        (AddressedNumber("same(KEN/told_police/shown,KEN/told_sibling/shown)", "10", 6),),
    )
    assert add_address("10", "") == "10"
