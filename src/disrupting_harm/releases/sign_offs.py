"""Who agreed to a release, by role, and whose agreement is missing.

A configuration names the roles (``publication.release.sign_offs``): some agree once for the study,
others once for each of its countries. Who stands behind a role is kept with the restricted record;
the public statement on the release names roles alone.
"""

from collections.abc import Sequence

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.configuration.publication_config import ReleaseRules


def list_roles(rules: ReleaseRules, countries: Sequence[str]) -> list[str]:
    """Return whose agreement a release names, such as ``statistician`` or ``ministry KEN``."""
    of_countries = [f"{role} {code}" for code in countries for role in rules.sign_offs.countries]
    return [*rules.sign_offs.study, *of_countries]


def read_sign_offs(given: Sequence[str], roles: Sequence[str]) -> dict[str, str]:
    """Return who agreed, by role, in the order of the roles.

    Args:
        given: each as ``ROLE=WHO``.

    Raises:
        StudyError: one names nobody, or a role that the configuration does not, or one twice.
    """
    agreed: dict[str, str] = {}
    for sign_off in given:
        role, equals, who = (part.strip() for part in sign_off.partition("="))
        if not equals or not who:
            raise StudyError(
                f"--sign-off '{sign_off}'", "it names a role or a person alone", "Write ROLE=WHO"
            )
        if role not in roles:
            known = ", ".join(f"'{name}'" for name in roles) or "none"
            raise StudyError(
                f"--sign-off '{sign_off}'",
                f"'{role}' is no role of this release",
                f"Take one of 'publication.release.sign_offs' ({known}), or add it there",
            )
        if role in agreed:
            raise StudyError(f"--sign-off '{sign_off}'", f"'{role}' agreed twice", "Name both once")
        agreed[role] = who
    return {role: agreed[role] for role in roles if role in agreed}
