"""The question whether groups within areas differ: gaps tested in each area, one kind at a time."""

from collections.abc import Mapping, Sequence

from disrupting_harm.provenance.addresses import size_of, whole_number_of
from disrupting_harm.report.labels import inside
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.regional.differ import difference_said
from disrupting_harm.report.regional.gap_rows import keys_of_groups, kinds_of, widest_open
from disrupting_harm.report.regional.question import Answer, Subject
from disrupting_harm.report.regional.results import Row

NAMED_AT_MOST = 3


def groups(
    subject: Subject, domains: Sequence[str], questions: Mapping[str, str], alpha: Markdown
) -> list[Answer]:
    """Return one answer for each domain whose gaps are tested.

    Args:
        subject: the indicator.
        domains: of which gaps are told.
        questions: headings of some of them; the others have a plain one.
        alpha: the level of the tests in per cent.
    """
    found = []
    for domain in domains:
        kinds = kinds_of(subject.wording.results, subject.indicator, domain)
        if kinds:
            found.append(_answer(subject, domain, kinds, questions.get(domain, ""), alpha))
    return found


def _answer(
    subject: Subject, domain: str, kinds: Sequence[Sequence[Row]], question: str, alpha: Markdown
) -> Answer:
    text, labels = subject.text, subject.wording.labels
    # Of several groups the two ends lead; all kinds are told.
    ordered = sorted(kinds, key=lambda rows: _distance(subject, rows), reverse=True)
    heading = (
        text.of_study(question)
        if question
        else text("Does it differ by group? {domain}", domain=labels.domain(domain))
    )
    leading, *others = ordered
    paragraphs = [
        *_fits(subject, leading),
        *(gap(subject, rows) for rows in others),
        *_wider(subject, domain),
    ]
    return Answer(
        f"whom-{domain}",
        heading,
        gap(subject, leading),
        "gap",
        _where(subject, leading),
        (Markdown(" ".join(paragraphs)),) if paragraphs else (),
        (f"gaps-{subject.indicator}-{domain}",),
        sure=text(
            "**How sure?** A clear difference stands although many {areas} were tested. Where none "
            "is clear, there may still be one."
        ),
        margin=(
            text("**Groups:** {domain}.", domain=labels.domain(domain)),
            text(
                "**Tested:** in each {area}, all {areas} together, at {alpha} per cent (Holm). "
                "Groups that are not shown are not tested.",
                alpha=alpha,
            ),
        ),
    )


def gap(subject: Subject, rows: Sequence[Row]) -> Markdown:
    """Return in how many areas two groups clearly differ, in which direction, and in which areas.

    More areas than ``NAMED_AT_MOST`` are not named.
    """
    text = subject.text
    if len(rows) == 1:
        return _only_gap(subject, rows[0])
    a, b = _names(subject, rows[0])
    clear = [row for row in rows if row["clear"] == "True"]
    higher = [row for row in clear if float(row["difference"]) > 0]
    values = {
        "a": a,
        "b": b,
        "n": subject.count(rows, "gaps", *keys_of_groups(rows[0]), "p_holm:any"),
        "clear": subject.count(clear, "gaps", *keys_of_groups(rows[0]), "clear:True"),
    }
    if not clear:
        return text(
            "In none of the {n} {areas} tested do {a} and {b} clearly differ (“{label}”).",
            label=subject.wording.labels.short(subject.indicator),
            **values,
        )
    if len(higher) == len(clear):
        said = text(
            "In {clear} of {n} {areas} tested, the share is clearly higher among {a} than among "
            "{b}.",
            **values,
        )
    elif not higher:
        said = text(
            "In {clear} of {n} {areas} tested, the share is clearly lower among {a} than among "
            "{b}.",
            **values,
        )
    else:
        said = text(
            "In {clear} of {n} {areas} tested, {a} and {b} clearly differ, not always in the same "
            "direction.",
            **values,
        )
    if len(clear) > NAMED_AT_MOST:
        return said
    names = subject.wording.countries([row["country"] for row in clear])
    where = text("The difference is clear in {names}.", names=names)
    return Markdown(f"{said} {where}")


def _only_gap(subject: Subject, row: Row) -> Markdown:
    """Return the difference in the only area where it can be tested, by its name."""
    wording = subject.wording
    a, b = _names(subject, row)
    said = difference_said(wording, row, a, b)
    return Markdown(f"{wording.country(row['country'])}: {said}")


def leading_gap(subject: Subject, domains: Sequence[str]) -> tuple[Markdown, Markdown] | None:
    """Return, of the first domain with gaps, "2 of 11" and what it is of; None without any."""
    for domain in domains:
        kinds = kinds_of(subject.wording.results, subject.indicator, domain)
        if not kinds:
            continue
        rows = max(kinds, key=lambda found: _distance(subject, found))
        if len(rows) == 1:
            # One area is no count of areas: its difference stands with the question.
            continue
        clear = [row for row in rows if row["clear"] == "True"]
        a, b = _names(subject, rows[0])
        number = subject.text(
            "{clear} of {n}",
            clear=subject.count(clear, "gaps", *keys_of_groups(rows[0]), "clear:True"),
            n=subject.count(rows, "gaps", *keys_of_groups(rows[0]), "p_holm:any"),
        )
        widest = widest_open(rows)
        values = {"a": a, "b": b, "label": subject.wording.labels.short(subject.indicator)}
        if widest is None:
            said = subject.text(
                "{areas} have a clear difference between {a} and {b} in “{label}”", **values
            )
        else:
            said = subject.text(
                "{areas} have a clear difference between {a} and {b} in “{label}”; where none is "
                "clear, up to {points} points would still fit",
                points=_points(subject, widest[1]),
                **values,
            )
        return number, said
    return None


def _fits(subject: Subject, rows: Sequence[Row]) -> list[Markdown]:
    """Return the sentence on the largest difference that would still fit where none is clear."""
    widest = widest_open(rows)
    if widest is None:
        return []
    return [
        subject.text(
            "Where none is clear, a difference of up to {points} points would still fit the "
            "answers in {country}.",
            points=_points(subject, widest[1]),
            country=subject.wording.in_text(widest[0]),
        )
    ]


def _wider(subject: Subject, domain: str) -> list[Markdown]:
    """Return the sentence on gaps that are clear by the indicator that counts more, if any is.

    Who reads that none is clear would take it for all that children told.
    """
    if subject.wider is None:
        return []
    text, found = subject.text, []
    for rows in kinds_of(subject.wording.results, subject.wider.indicator, domain):
        clear = [row for row in rows if row["clear"] == "True"]
        a, b = _names(subject, rows[0])
        higher = [row["country"] for row in clear if float(row["difference"]) > 0]
        lower = [row["country"] for row in clear if float(row["difference"]) < 0]
        for codes, more, fewer in ((higher, a, b), (lower, b, a)):
            if codes:
                names = subject.wording.countries(codes)
                found.append(
                    text("among {a} than among {b} in {names}", a=more, b=fewer, names=names)
                )
    if not found:
        return []
    return [
        text(
            "{counted}, the share is clearly higher {groups}.",
            counted=text.of_study(subject.wider.counted),
            groups=Markdown("; ".join(found)),
        )
    ]


def _points(subject: Subject, cell: str) -> Markdown:
    """Return the size of a difference in whole percentage points."""
    return subject.text.number(size_of(whole_number_of(cell)))


def _distance(subject: Subject, rows: Sequence[Row]) -> int:
    """Return how many levels of the codebook lie between the two of a kind."""
    row = rows[0]
    known = subject.wording.labels.known_levels(row["domain"])
    places = [known.index(row[name]) for name in ("level_a", "level_b") if row[name] in known]
    return max(places) - min(places) if len(places) == 2 else 0


def _names(subject: Subject, row: Row) -> tuple[Markdown, Markdown]:
    labels = subject.wording.labels
    a, b = (labels.level(row["domain"], row[name]) for name in ("level_a", "level_b"))
    return _in_sentence(subject, a), _in_sentence(subject, b)


def _in_sentence(subject: Subject, level: Markdown) -> Markdown:
    """Return a group as a sentence has it: of a band, as "16-17", that it is one of children."""
    if level[:1].isdigit():
        return subject.text("those of {level}", level=level)
    return Markdown(inside(level))


def _where(subject: Subject, rows: Sequence[Row]) -> str:
    return subject.where("gaps", *keys_of_groups(rows[0]))
