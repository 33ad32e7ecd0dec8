"""Which paragraph became which: nothing is counted twice or forgotten, whatever was edited."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from disrupting_harm.docx_review.paragraph_matching import Match, match_blocks, text_similarity


@dataclass(frozen=True)
class Text:
    key: str

    @property
    def similarity_text(self) -> str:
        return self.key


TEXTS = st.lists(st.text("ab ", min_size=1, max_size=6).map(Text), max_size=12)


@given(TEXTS, TEXTS)
def test_each_block_stands_in_one_match_and_new_ones_in_their_order(
    old: list[Text], new: list[Text]
) -> None:
    found = match_blocks(old, new)
    assert sorted(one.old for one in found if one.old is not None) == list(range(len(old)))
    assert [one.new for one in found if one.new is not None] == list(range(len(new)))
    assert all(one.old is not None or one.new is not None for one in found)


@given(TEXTS)
def test_what_was_not_edited_matches_itself(texts: list[Text]) -> None:
    assert match_blocks(texts, texts) == [Match(at, at) for at in range(len(texts))]


def test_similar_texts_are_changed_and_others_are_added_and_gone() -> None:
    old = [Text("Most people like apples."), Text("Nobody asked why.")]
    new = [Text("Most children like apples."), Text("ទំព័រនេះត្រូវបានធ្វើដោយដៃ")]
    assert match_blocks(old, new) == [Match(0, 0), Match(1, None), Match(None, 1)]


def test_likeness_needs_no_words() -> None:
    assert text_similarity("ទំព័រនេះត្រូវបានធ្វើដោយដៃ", "ទំព័រនេះត្រូវបានសរសេរដោយដៃ") > 0.7
    assert text_similarity("abc", "xyz") == 0
