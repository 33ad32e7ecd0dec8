"""The question whom shares are of: children who use the internet, or all children of that age."""

from collections.abc import Sequence
from itertools import combinations

from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.populations import invented_use
from disrupting_harm.report.regional.question import Answer, Subject
from disrupting_harm.report.regional.results import Row

USERS, EVERYONE = "internet_using_children", "all_children"


def whom(subject: Subject) -> Answer | None:
    """Return the answer from the rank sets under both denominators; None without the second."""
    text, wording = subject.text, subject.wording
    users, everyone = (subject.rows("denominators", denominator=name) for name in (USERS, EVERYONE))
    first, second = _may_be_first(users), _may_be_first(everyone)
    if not any(row["estimate"] for row in everyone) or not first or not second:
        return None
    values = {
        "ranked": subject.count(users, "denominators", f"denominator:{USERS}"),
        "n": subject.count(first, "denominators", f"denominator:{USERS}", "rank_low:1"),
        "m": subject.count(second, "denominators", f"denominator:{EVERYONE}", "rank_low:1"),
    }
    names = [{row["country"] for row in rows} for rows in (first, second)]
    if names[0] == names[1]:
        lead = text(
            "Not for who may stand first: the same {n} of the {ranked} {areas}, whether shares are "
            "of those who use the internet or of all {respondents}.",
            **values,
        )
    else:
        lead = text(
            "Yes. Of {respondents} who use the internet, {n} of the {ranked} {areas} may stand "
            "first; of all {respondents}, {m} may.",
            **values,
        )
    example = _example(subject, users, everyone)
    return Answer(
        "divide",
        text("Does it matter of whom the share is?"),
        lead,
        "rank sets",
        subject.where("denominators", "rank_low:1"),
        (
            Markdown(
                " ".join(
                    [
                        *([example] if example else []),
                        text(
                            "Of all {respondents}, those who do not use the internet count as a "
                            "no: nobody asked them. Where few are online the two shares lie far "
                            "apart."
                        ),
                        text("Always name the population with the number."),
                    ]
                )
            ),
            text(
                "May stand first, of all {respondents}: {names}.",
                names=wording.countries([*names[1]]),
            ),
        ),
        (f"denominators-{subject.indicator}",),
        sure=_how_sure(subject, everyone),
        margin=(
            text(
                "**Compared:** possible ranks of all {areas} at once, each denominator by itself."
            ),
            text(
                "**Sources:** of the numbers of {respondents}, above the first table of the annex."
            ),
        ),
    )


def _how_sure(subject: Subject, everyone: Sequence[Row]) -> Markdown:
    """Return where the shares of children online come from, and how their error is known."""
    told = {row["rate_uncertainty"] for row in everyone if row["estimate"]}
    invented = invented_use([row for row in everyone if row["estimate"]])
    if told == {"invented"} and invented:
        return subject.text(
            "**How sure?** The shares of {respondents} online come from other sources; those of "
            "{countries}, and the margins of error of all, are invented for this simulation.",
            countries=subject.wording.countries(invented),
        )
    if told == {"invented"}:
        return subject.text(
            "**How sure?** The shares of {respondents} online come from other sources; their error "
            "is invented for this simulation."
        )
    return subject.text(
        "**How sure?** The shares of {respondents} online come from other sources; the intervals "
        "hold their error as far as it is known."
    )


def _may_be_first(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["rank_low"] == "1"]


def _example(subject: Subject, users: Sequence[Row], everyone: Sequence[Row]) -> Markdown | None:
    """Return the two areas that do not differ among users and lie furthest apart of all children.

    Apart means that the two intervals have no value in common.
    """
    of_all = {row["country"]: row for row in everyone if row["estimate"]}
    of_users = {row["country"]: row for row in users if row["estimate"]}
    alike = {
        frozenset((row["country_a"], row["country_b"]))
        for row in subject.rows("pairwise", clear="False")
    }
    distances = []
    for a, b in combinations(sorted(of_all.keys() & of_users.keys()), 2):
        if frozenset((a, b)) not in alike:
            continue
        low, high = sorted((of_all[a], of_all[b]), key=lambda row: float(row["estimate"]))
        distance = float(high["ci_low"]) - float(low["ci_high"])
        if distance > 0:
            distances.append((distance, low["country"], high["country"]))
    if not distances:
        return None
    _, a, b = max(distances)
    wording = subject.wording
    return subject.text(
        "For example, {a} and {b} do not clearly differ among users: {a_users} and {b_users}. Of "
        "all {respondents} it is {a_all} in the first and {b_all} in the second.",
        a=wording.in_text(a),
        b=wording.in_text(b),
        a_users=subject.share(of_users[a]),
        b_users=subject.share(of_users[b]),
        a_all=subject.share(of_all[a]),
        b_all=subject.share(of_all[b]),
    )
