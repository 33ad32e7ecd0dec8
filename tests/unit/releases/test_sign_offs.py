"""Who agreed to a release, by the roles that its configuration names."""

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.releases.sign_offs import list_roles, read_sign_offs
from disrupting_harm.study.configuration.publication_config import ReleaseRules

RULES = ReleaseRules.model_validate(
    {"sign_offs": {"study": ["statistician", "partner"], "countries": ["ministry"]}}
)
ROLES = ["statistician", "partner", "ministry KEN", "ministry UGA"]


def test_some_agree_once_and_others_for_each_country() -> None:
    assert list_roles(RULES, ("KEN", "UGA")) == ROLES
    assert list_roles(ReleaseRules(), ("KEN", "UGA")) == []


def test_who_agreed_stands_in_the_order_of_the_roles() -> None:
    given = ["ministry UGA = Office of a = b", "statistician=A. Person, 3 June"]
    agreed = read_sign_offs(given, ROLES)
    assert list(agreed.items()) == [
        ("statistician", "A. Person, 3 June"),
        ("ministry UGA", "Office of a = b"),
    ]


@pytest.mark.parametrize(
    ("given", "finding"),
    [
        (["statistician"], "a role or a person alone"),
        (["statistician= "], "a role or a person alone"),
        (["ministry=A"], "'ministry' is no role of this release"),
        (["partner=A", "partner=B"], "'partner' agreed twice"),
    ],
)
def test_a_sign_off_is_of_a_role_and_names_somebody(given: list[str], finding: str) -> None:
    with pytest.raises(StudyError, match=finding):
        read_sign_offs(given, ROLES)
