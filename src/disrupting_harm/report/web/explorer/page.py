"""Write the explorer: one file a language with its tables, words, style and script inside."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from babel import numbers

from disrupting_harm.core.files import write_text
from disrupting_harm.evidence.tables.law_coverage import has_law
from disrupting_harm.provenance.addresses import (
    STUDY,
    add_addresses_to_fields,
    address_part,
    row_count,
)
from disrupting_harm.provenance.derived_numbers import ANY
from disrupting_harm.report.language.addressed_text import strip_addresses
from disrupting_harm.report.language.fonts import render_linked_faces
from disrupting_harm.report.language.navigation import folder_of_site
from disrupting_harm.report.language.settings import read_language_tag
from disrupting_harm.report.language.signs import SHORT, describe_short_interval
from disrupting_harm.report.language.terms import describe_terms, link_contact
from disrupting_harm.report.language.translator import (
    ADDRESSED,
    MARKDOWN,
    Translator,
    load_translator_of_study,
)
from disrupting_harm.report.rendering.quarto_project import FONTS
from disrupting_harm.report.web.explorer.facts import (
    EstimateRow,
    Facts,
    collect_numbers,
    describe_base_and_period,
    describe_surveys,
    find_reasons_not_compared,
    format_estimate_rows,
    name_countries,
)
from disrupting_harm.report.web.explorer.messages import translate_messages_of_study
from disrupting_harm.report.web.explorer.packed_tables import (
    ESTIMATES,
    OF_EVERYONE,
    Earlier,
    Row,
    hash_tables,
    pack_tables,
    read_ledger,
    read_tables,
)
from disrupting_harm.report.web.site.addressed_numbers import wrap_numbers
from disrupting_harm.report.web.templates import (
    OWN_FILES,
    create_page_environment,
    format_content_policy,
    format_json_in_page,
    hash_for_policy,
)
from disrupting_harm.report.web.translation_mark import TRANSLATION_SIGN, mark_translation
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import data_kind, is_total

FOLDER = "explorer"
# Modules of the script, each after those that it imports from.
MODULES = (
    "words", "tables", "state", "rows", "chart", "elements", "table", "details", "download",
    "controls", "main",
)  # fmt: skip
_IMPORT = re.compile(r"^import .*? from \"\./\w+\.js\";\n", re.MULTILINE | re.DOTALL)
# Comments on lines of their own, and how far lines stand in.
_COMMENT = re.compile(r"^ *(?://.*|/\*\*.*\*/)\n|^ +", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)


def write_explorer(
    countries: Sequence[Country],
    config: Configuration,
    codebook: Codebook,
    *,
    public: Path,
    templates: Path,
    earlier: Earlier,
) -> list[Path]:
    """Write ``explorer/{language}.html`` in all languages of the study.

    Args:
        countries: rows of the countries file that take part.
        public: the public results, of which tables alone are read.
        templates: the folder of templates and catalogues.
        earlier: codes of the surveys of earlier waves, by country; none for one survey each.
    """
    tables = read_tables(public, earlier)
    ledger = read_ledger(public)
    data, files = pack_tables(tables), hash_tables(public, earlier)
    waves = describe_surveys(earlier, tables["changes"])
    languages = config.report.project_languages
    paths = []
    for language in languages:
        translator = load_translator_of_study(language, templates, config.study)
        page = ExplorerPage(
            translator, config, codebook, countries, tables["estimates"], ledger, templates
        )
        path = public / FOLDER / f"{language}.html"
        page_html = page.render(data, files, languages, waves)
        mark = mark_translation(translator, [page_html], path)
        write_text(path, page_html.replace(TRANSLATION_SIGN, mark))
        paths.append(path)
    return paths


def find_number_signs(translator: Translator[str]) -> dict[str, str]:
    """Return the signs with which the script writes numbers."""
    locale = translator.locale
    return {
        "decimal": numbers.get_decimal_symbol(locale),
        "group": numbers.get_group_symbol(locale),
    }


def _count_published(estimates: Sequence[Row]) -> Any:
    """Return how many rows have an estimate, with its address."""
    surveys = sorted({row["country"] for row in estimates})
    rows = ",".join(
        f"{address_part(code)}/{Path(ESTIMATES).stem}/estimate:{ANY}" for code in surveys
    )
    return row_count(sum(bool(row["estimate"]) for row in estimates), rows)


class ExplorerPage:
    """The page of one language; its check makes the facts of the page again.

    Args:
        translator: the language.
        config, codebook, countries: of the study.
        estimates, ledger, templates: public tables, and the folder of templates.
    """

    def __init__(
        self,
        translator: Translator[str],
        config: Configuration,
        codebook: Codebook,
        countries: Sequence[Country],
        estimates: Sequence[Row],
        ledger: Sequence[Row],
        templates: Path,
    ) -> None:
        self._translator, self._templates = translator, templates
        self._config = add_addresses_to_fields(config, STUDY)
        self._totals = [row for row in estimates if is_total(row)]
        self._facts = Facts(translator.with_markup(MARKDOWN), codebook, self._config, estimates)
        self._messages = translate_messages_of_study(translator, self._config, countries)
        has_internet_use = any(row.internet_use_rate is not None for row in countries)
        self._codes = OF_EVERYONE if has_internet_use else {}
        self._countries = name_countries(countries, translator, estimates)
        self._reasons_not_compared = find_reasons_not_compared(ledger, translator)
        self._published_count = _count_published(estimates)

    def render(
        self,
        data: str,
        files: Mapping[str, str],
        languages: Sequence[str],
        waves: Mapping[str, Mapping[str, str]],
    ) -> str:
        """Return the file; the same public tables and texts give the same bytes."""
        translator, study = self._translator, self._config.study
        messages = self._messages
        folder = self._templates / FOLDER
        script, style = (
            join_script_modules(folder),
            render_linked_faces(f"../{FONTS}")
            + (folder / "explorer.css").read_text(encoding="utf-8"),
        )
        context = {
            "language": translator.language,
            "tag": translator.tag,
            "tall": translator.has_tall_letters,
            "from_right": translator.from_right,
            "home": f"../{folder_of_site(translator.language, languages)}",
            "languages": [
                (
                    code,
                    read_language_tag(self._templates / "locale", code),
                    translator.endonym(code),
                )
                for code in languages
            ],
            "study": translator.of_study(study.title),
            "messages": messages,
            **self._build_static_context(messages),
            "release": f"{self._describe_release()}. {ESTIMATES}, SHA-256 {files[ESTIMATES]}",
            "terms": describe_terms(translator, study),
            "contact_link": link_contact(study),
            "report_error": translator("Report an error"),
            "facts": format_json_in_page(self.collect_script_facts(files, waves)),
            "data": data,
            "script": script,
            "style": style,
            "policy": format_content_policy(
                script=f"'{hash_for_policy(script)}'",
                style=f"'{hash_for_policy(style)}'",
                font=OWN_FILES,
            ),
        }
        environment = create_page_environment(folder)
        environment.finalize = wrap_numbers
        environment.filters |= {"part": address_part, "plain": strip_addresses}
        return environment.get_template("page.html.j2").render(context) + "\n"

    def list_names_above_tables(self) -> list[str]:
        """Return the names above the plain tables, in order; the script reads them from the page.

        Of each theme its name; of each table the name of its indicator, and the indicator.
        """
        names_in_order = []
        for module in self._facts.describe_modules():
            names_in_order.append(strip_addresses(module["label"]).strip())
            for indicator in module["indicators"]:
                names_in_order += [
                    strip_addresses(indicator["label"]).strip(),
                    address_part(indicator["id"]),
                ]
        return names_in_order

    def collect_script_facts(
        self, files: Mapping[str, str], waves: Mapping[str, Mapping[str, str]]
    ) -> dict[str, Any]:
        """Return what the script needs besides the tables, and the addresses of its numbers.

        Args:
            files: the SHA-256 of each public table that the page has.
            waves: surveys of countries with several.
        """
        facts = self._facts
        modules = facts.describe_modules()
        script_facts = {
            "words": self._messages,
            "signs": find_number_signs(self._translator),
            "codes": self._codes,
            "first": facts.find_opening_indicator(modules),
            "bases": facts.bases,
            # The script reads what they are called above the tables for readers without one.
            "modules": [
                {
                    "indicators": [
                        {key: value for key, value in indicator.items() if key != "label"}
                        for indicator in indicators
                    ]
                }
                for indicators in (module["indicators"] for module in modules)
            ],
            "domains": facts.describe_domains(),
            "countries": self._countries,
            "apart": self._reasons_not_compared,
            "surveys": waves,
            "reasons": facts.describe_reasons(),
            "intervals": facts.name_intervals(),
            "methods": facts.describe_methods(self._templates),
            "release": self._describe_release(),
            "kind": data_kind(self._config.study.simulated),
            "mark": self._format_simulation_mark(),
            "files": files,
        }
        return collect_numbers(script_facts)

    def _build_static_context(self, messages: Mapping[str, str]) -> dict[str, Any]:
        """Return what a reader without a script sees."""
        translator, reasons = self._translator, self._facts.describe_reasons()
        return {
            "title": translator(
                "{study}: all estimates", study=translator.of_study(self._config.study.title)
            ),
            "lead": translator(
                "{estimates} estimates with their intervals. Where a number is hidden, the range "
                "or the reason stands in its place. The page works without a network.",
                estimates=translator.with_markup(ADDRESSED).number(self._published_count),
            ),
            "draft": TRANSLATION_SIGN if translator.reviews else "",
            "simulated": self._format_simulation_mark(),
            "skip": translator("Skip to the content"),
            "pages": translator("Pages"),
            "ways": [
                ("index.html", translator.in_context("what the study compares", "{Areas}")),
                *(
                    [("comparison.html", translator("Comparison"))]
                    if len(self._countries) > 1
                    else []
                ),
                ("", translator("All estimates")),
                *(
                    [("law.html", translator("Law"))]
                    if has_law(self._config.evidence.tables)
                    else []
                ),
                ("data.html", translator("Data")),
                ("methods.html", translator("Methods")),
            ],
            "still": translator(
                "Below are the estimates of everyone. With a script this page shows those of "
                "groups, too, and more on each number."
            ),
            "notes": [*self._describe_incomparable(messages), *self._describe_short_intervals()],
            "modules": [
                (
                    module["label"],
                    [
                        (
                            indicator,
                            describe_base_and_period(indicator, self._facts.bases, messages),
                            self._format_rows(indicator, messages, reasons),
                        )
                        for indicator in module["indicators"]
                    ],
                )
                for module in self._facts.describe_modules()
            ],
        }

    def _format_simulation_mark(self) -> str:
        """Return the mark of each page of a simulated study; empty for real data."""
        simulated = self._config.study.simulated
        return self._translator("Simulated data: not for citation") if simulated else ""

    def _format_rows(
        self, indicator: Mapping[str, Any], messages: Mapping[str, str], reasons: Mapping[str, str]
    ) -> list[EstimateRow]:
        return format_estimate_rows(
            self._totals,
            indicator,
            self._countries,
            self._translator,
            messages,
            reasons,
            self._reasons_not_compared,
        )

    def _describe_incomparable(self, messages: Mapping[str, str]) -> list[str]:
        """Return which countries are not compared, and why."""
        return [
            messages["apart"].format(name=country["name"], reason=incomparable["reason"])
            for country in self._countries
            for incomparable in self._reasons_not_compared.get(country["code"], [])
        ]

    def _describe_short_intervals(self) -> list[str]:
        """Return what the sign beside an interval means, where a row has it."""
        has_sign = any(row["interval_note"] for row in self._totals)
        return [f"{SHORT}: {describe_short_interval(self._translator)}"] if has_sign else []

    def _describe_release(self) -> str:
        """Return of which study and date the numbers are."""
        study, translator = self._config.study, self._translator
        return f"{translator.of_study(study.title)}, {translator.date(study.date)}"


def join_script_modules(folder: Path) -> str:
    """Return the modules of the script as one: they share a scope, so nothing is imported.

    Comments and form stay in the modules: in each page they would cost some kilobytes.
    """
    modules = []
    for name in MODULES:
        source = (folder / f"{name}.js").read_text(encoding="utf-8")
        modules.append(_EXPORT.sub("", _IMPORT.sub("", _COMMENT.sub("", source))))
    return "\n".join(modules)
