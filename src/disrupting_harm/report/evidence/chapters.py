"""The evidence for the templates of a country report: one object per kind of evidence."""

from disrupting_harm.evidence.sources import SIMULATED
from disrupting_harm.report.evidence.capacity import Capacity
from disrupting_harm.report.evidence.context import Policy, SeveralSources
from disrupting_harm.report.evidence.cybertips import CyberTips, Reporters
from disrupting_harm.report.evidence.facts import Evidence, data_kinds
from disrupting_harm.report.evidence.police import Offences
from disrupting_harm.report.evidence.services import Frontline, Hotlines, Justice
from disrupting_harm.report.text import Text


class Chapters:
    """Kinds of evidence of one country; each is false in a template where there is none."""

    def __init__(self, text: Text, evidence: Evidence, world: Evidence) -> None:
        self._text, self._evidence = text, evidence
        self._simulated = SIMULATED in data_kinds(
            row for rows in evidence.tables.values() for row in rows
        )
        rows = evidence.rows
        self.cybertips = CyberTips(text, rows("cybertips"))
        self.reporters = Reporters(text, rows("reporters"), world.rows("reporters"))
        self.offences = Offences(text, rows("offence_rates"))
        self.several = SeveralSources(text, rows("several_sources"))
        self.hotlines = Hotlines(text, rows("hotlines"))
        self.capacity = Capacity(
            text, rows("capacity_profile"), rows("capacity_needs"), rows("capacity")
        )
        self.frontline = Frontline(text, rows("frontline"))
        self.justice = Justice(text, rows("justice"))
        self.policy = Policy(text, rows("policy"))

    def __bool__(self) -> bool:
        """Whether there is any evidence on the country; figures of the world alone are none."""
        kinds = (self.offences, self.cybertips, self.hotlines, self.capacity, self.frontline)
        return any((*kinds, self.justice, self.policy))

    @property
    def simulated(self) -> bool:
        """Whether any of it is simulated."""
        return self._simulated
