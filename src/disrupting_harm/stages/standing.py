"""Stage *standing*: where one country stands among all, in each of its languages."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from disrupting_harm.core.files import write_json
from disrupting_harm.provenance.addresses import CONFIDENCE, with_address
from disrupting_harm.report.drawing.formats import RUN, Press
from disrupting_harm.report.drawing.widths import TEXT, Cut
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.comparison.indicator_comparison import build_comparisons
from disrupting_harm.report.figures.country_standing import draw_standing
from disrupting_harm.report.figures.estimate_chart import write_figure_records
from disrupting_harm.report.findings.load import load_findings
from disrupting_harm.report.language.printed_texts import list_printed_texts, write_printed_texts
from disrupting_harm.report.language.reviews import hash_texts
from disrupting_harm.report.language.translator import ADDRESSED, load_translator
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import StudyInfo
from disrupting_harm.study.countries import Country
from disrupting_harm.tables.contracts import public_contract
from disrupting_harm.tables.io import read_table


def draw_country_standing(
    *,
    country: dict[str, Any],
    names: Mapping[str, str | None],
    tables: Sequence[str],
    codebook: dict[str, Any],
    study: dict[str, Any],
    confidence: float,
    templates: str,
    modules: Sequence[str] | None,
    folder: str,
    findings: Sequence[str] = (),
    cut: Cut = TEXT,
    press: Press = RUN,
) -> None:
    """Draw where a country stands into ``folder/{language}/`` for each of its languages.

    ``languages.json`` in the folder tells the languages, ``figures.json`` in each lists the figure.

    Args:
        names: the name of each country in the countries file, by code.
        tables: the public tables of the comparison that it is drawn of.
        codebook, study, confidence: of the study.
        modules: those that figures are drawn with; of the catalogues only their messages are read.
            None: all are read.
        findings: the study's file of findings, which names the shares; without one they are the
            first headline proportions.
    """
    row, info = Country.model_validate(country), StudyInfo.model_validate(study)
    codes = Codebook.model_validate(codebook)
    compared_tables = {
        path.stem: read_table(path, public_contract(f"comparison/{path.stem}"))
        for path in map(Path, tables)
    }
    shares = load_findings(Path(findings[0]), codes).standing if findings else ()
    labels = {share.indicator: share.label for share in shares}
    for language in row.languages:
        translator = load_translator(
            language, Path(templates) / "locale", info.areas, info.respondents, modules
        ).with_markup(ADDRESSED)
        context = FigureContext(
            translator,
            translator.country(row.country, row.name),
            info.simulated,
            with_address(confidence, CONFIDENCE),
            info.population,
            info.survey,
            cut,
            press,
        )
        country_names = {code: translator.country(code, name) for code, name in names.items()}
        in_text = {code: translator.country_in_text(code, name) for code, name in names.items()}
        comparisons = build_comparisons(compared_tables, country_names, {}, codes, context, in_text)
        record = draw_standing(
            row.country,
            translator.country_in_text(row.country, row.name_in_text or row.name),
            comparisons,
            codes,
            context,
            Path(folder) / language,
            labels,
        )
        english = tuple(sorted(translator.untranslated))
        texts = hash_texts(translator.asked) if translator.reviews else ()
        record = replace(record, untranslated=english, texts=texts)
        target = Path(folder) / language / "figures.json"
        write_figure_records(target, [record])
        asked = translator.asked
        write_printed_texts(target, list_printed_texts(asked, "", drawn=asked))
    write_json(Path(folder) / "languages.json", list(row.languages))
