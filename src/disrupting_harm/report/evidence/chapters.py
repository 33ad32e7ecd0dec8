"""What the templates of a country report may say about evidence: one object per kind of it."""

from disrupting_harm.report.evidence.capacity import Capacity
from disrupting_harm.report.evidence.context import Policy, SeveralSources, Triangulation
from disrupting_harm.report.evidence.cybertips import CyberTips, Reporters
from disrupting_harm.report.evidence.facts import Evidence
from disrupting_harm.report.evidence.police import Offences
from disrupting_harm.report.evidence.services import Frontline, Hotlines, Justice
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.text import Text


class Chapters:
    """Kinds of evidence of one country; each is false in a template where there is none."""

    def __init__(self, text: Text, evidence: Evidence, country: Markdown) -> None:
        rows = evidence.rows
        self.cybertips = CyberTips(text, rows("cybertips"), country)
        self.reporters = Reporters(text, rows("reporters"))
        self.offences = Offences(text, rows("offence_rates"), rows("offences"))
        self.several = SeveralSources(text, rows("several_sources"))
        self.hotlines = Hotlines(text, rows("hotlines"))
        self.capacity = Capacity(text, rows("capacity_profile"), rows("capacity_needs"))
        self.frontline = Frontline(text, rows("frontline"), None)
        self.justice = Justice(text, rows("justice"))
        self.policy = Policy(text, rows("policy"))
        self.triangulation = Triangulation(text, rows("triangulation"))
