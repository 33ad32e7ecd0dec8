"""The default study answers every item of a checklist that a run can answer."""

import json

from checkout import Checkout

from disrupting_harm.provenance.checklists import AUTHOR, FILLED, NOT_THERE


def test_what_a_run_can_answer_is_filled(small: Checkout) -> None:
    public = small.folder / "results" / "public"
    told = json.loads((public / "checklists.json").read_text(encoding="utf-8"))
    states = {name: {entry["item"]: entry["state"] for entry in told[name]} for name in told}
    for name, lacking in (("STROBE", {5}), ("GATHER", {1, 5, 14})):
        found = {item for item, state in states[name].items() if state == NOT_THERE}
        assert found == lacking, name
        assert set(states[name].values()) == {FILLED, AUTHOR, NOT_THERE}
    links = [link for entries in told.values() for entry in entries for link in entry["links"]]
    assert len(links) > 40
    for link in links:
        path, _, section = link.partition("#")
        assert (public / path).exists(), link
        if section:
            page = (public / path).read_text(encoding="utf-8")
            assert f'id="{section}"' in page, link
