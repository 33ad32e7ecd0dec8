"""What a study calls codes of its own stands in its public tables, beside the codes."""

from pathlib import Path

import pytest
from evidence_frames import facts
from test_evidence_frontline import answers

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.contracts import in_shape, public_evidence_contract
from disrupting_harm.evidence.definition import Context, SmallCounts
from disrupting_harm.evidence.labels import load_labels
from disrupting_harm.evidence.public_tables import make_public_tables, protect_facts
from disrupting_harm.tables.io import check_table

LABELS = """\
frontline:
  item: {i1: The first item}
justice:
  theme: {legal_aid: Help in court}
"""


def context(labels: dict) -> Context:
    return Context(
        countries=[], order=[], areas=None, labels=labels, forms=None, estimates=None,
        population="children", simulated=False,
    )  # fmt: skip


def test_labels_stand_beside_their_codes(tmp_path: Path) -> None:
    path = tmp_path / "labels.yaml"
    path.write_text(LABELS, encoding="utf-8")
    told = {
        "frontline": facts("frontline", *answers({"yes": 3}), *answers({"no": 2}, item="i2")),
        "justice": facts("justice", {"theme": "legal_aid", "interviews": 30, "mentioned": 12}),
    }
    made = make_public_tables(protect_facts(told, SmallCounts()), context(dict(load_labels(path))))
    contract = public_evidence_contract("frontline")
    found = check_table(in_shape(made["frontline"], contract), contract, "here")
    assert dict(zip(found["item"], found["item_label"], strict=True)) == {
        "i1": "The first item",
        "i2": "",
    }
    (row,) = made["justice"].to_dict("records")
    assert (row["role_label"], row["theme_label"]) == ("", "Help in court")


def test_without_a_file_of_labels_none_is_said() -> None:
    told = {"frontline": facts("frontline", *answers({"yes": 3}))}
    made = make_public_tables(protect_facts(told, SmallCounts()), context({}))
    assert made["frontline"]["item_label"].tolist() == [""]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("frontline:", "frontlin:", r"key 'frontlin': no codes.*frontline, justice"),
        ("frontline:", "policy:", "key 'policy'"),
        ("item:", "answer:", r"key 'frontline.answer': no codes.*item"),
        ("The first item", '""', r"key 'frontline.item.i1'"),
        ("{i1: The first item}", "[i1]", r"key 'frontline.item'"),
    ],
)
def test_a_faulty_file_of_labels_is_refused(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    path = tmp_path / "labels.yaml"
    path.write_text(LABELS.replace(old, new), encoding="utf-8")
    with pytest.raises(StudyError, match=message):
        load_labels(path)
