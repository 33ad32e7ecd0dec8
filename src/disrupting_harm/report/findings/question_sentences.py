"""Sentences on questions with several options, and on what children and their caregivers said.

An option is called the most often named only where it alone may be the first; up to three are named
together where each of them may be, and of more nothing is said.
"""

from disrupting_harm.report.findings.country_sentences import format_share_with_interval
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.language.whole_percent import read_percent_of_hundredths
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.study.statuses import SHOWN_STATUSES

# More options than these are no finding.
MOST_NAMED = 3


class AnswerSentences:
    """Write about the options of one country's questions, and about pairs of respondents.

    Args:
        results: the public results; of a country whose microdata stay at home they have neither.
    """

    def __init__(self, translator: Translator[Markdown], labels: Labels, results: Results) -> None:
        self._translator = translator
        self._labels = labels
        self._results = results

    def describe_most_frequent(self, question: str, question_wording: str) -> Markdown:
        """Say which answers were given most often; empty where the sample does not tell.

        Args:
            question: a choice item, or the ``tick_of`` of several items.
            question_wording: what was asked, translated, e.g. "who did it".
        """
        rows = [row for row in self._results.options if row["question"] == question]
        possible_first = [row for row in rows if row["may_be_first"] == "True"]
        is_shown = all(row["status"] in SHOWN_STATUSES for row in possible_first)
        if (
            not is_shown
            or not 0 < len(possible_first) <= MOST_NAMED
            or len(possible_first) == len(rows)
        ):
            return Markdown("")
        option_labels = [
            Markdown(f"“{self._labels.short(row['option'])}”") for row in possible_first
        ]
        if len(option_labels) == 1:
            return self._translator(
                "Asked {question}, {respondents} most often answered {option}.",
                question=question_wording,
                option=option_labels[0],
            )
        return self._translator(
            "Asked {question}, {respondents} most often gave one of these answers, and the survey "
            "cannot tell which: {options}.",
            question=question_wording,
            options=self._translator.enumeration(option_labels),
        )

    def describe_caregivers(self, child: str) -> Markdown:
        """Say how many caregivers say yes, of all and where the child does, and what chance gives.

        The second share alone would be read as a link between child and caregiver, which there may
        not be: where most caregivers say yes, most of any children have one who does. Kappa is 0
        where the two shares are the same. Empty where one of the three is not printed.

        It follows a sentence on how many children say yes.
        """
        rows = {
            row["measure"]: row
            for row in self._results.dyads
            if row["child"] == child and row["status"] in SHOWN_STATUSES and row["ci_low"]
        }
        if not {"caregiver_if_child", "kappa"} <= rows.keys():
            return Markdown("")
        every = self._results.cell(rows["kappa"]["caregiver"]).percent
        if every is None:
            return Markdown("")
        low, high = (rows["kappa"].number(name) for name in ("ci_low", "ci_high"))
        share = read_percent_of_hundredths(rows["caregiver_if_child"])
        values = {
            "every": format_share_with_interval(self._translator, every),
            "share": format_share_with_interval(self._translator, share),
        }
        if low > 0:
            link = self._translator(
                "Among those who think so themselves it is {share}, more than chance explains.",
                **values,
            )
        elif high < 0:
            link = self._translator(
                "Among those who think so themselves it is {share}, less than chance explains.",
                **values,
            )
        else:
            link = self._translator(
                "There is no clear link between what {respondents} and their caregivers think."
            )
        every_caregiver = self._translator(
            "{every} of those whose caregiver answered have one who thinks so, too.", **values
        )
        return self._translator.join_sentences([every_caregiver, link])


# The end of every caption: the source of the estimates, and whether they are simulated.


def describe_origin(translator: Translator[str], source: str, simulated: bool) -> str:
    """Return the source of estimates and, where they are simulated, the sentence that says so.

    Args:
        source: what kind of survey the data come from, in English as in the configuration.
        simulated: whether the data are simulated.
    """
    sentences = [translator("Source: {source}.", source=translator.of_study(source))]
    if simulated:
        sentences.append(translator("The data are simulated."))
    return " ".join(sentences)
