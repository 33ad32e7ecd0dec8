"""A release names who acts and how to begin, for every action and for what sources dispute."""

import dataclasses
import re
from pathlib import Path

import pytest
import yaml

from disrupting_harm.core.errors import StudyError
from disrupting_harm.releases.accept import check_actions_settled
from disrupting_harm.study.study import load_study

CONFIG = Path(__file__).parents[3] / "config"


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("group", "owner"),
        ("recommendation", "first_step"),
        ("disagreement", "owner"),
        ("disagreement", "first_step"),
    ],
)
def test_an_empty_owner_or_first_step_is_named(tmp_path: Path, kind: str, key: str) -> None:
    study = load_study(CONFIG / "config.yaml")
    check_actions_settled(study)
    content = yaml.safe_load((CONFIG / "recommendations.yaml").read_text(encoding="utf-8"))
    group = content["groups"][-1]
    entry = {
        "group": group,
        "recommendation": group["recommendations"][-1],
        "disagreement": content["disagreements"][-1],
    }[kind]
    entry[key] = ""
    path = tmp_path / "recommendations.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    report = study.config.report.model_copy(update={"recommendations": path})
    config = study.config.model_copy(update={"report": report})
    fault = re.escape(f"{kind} '{entry['id']}', key '{key}'")
    with pytest.raises(StudyError, match=fault):
        check_actions_settled(dataclasses.replace(study, config=config))
