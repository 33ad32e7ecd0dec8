"""Write the explorer: one file a language with its tables, words, style and script inside."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from babel import numbers

from disrupting_harm.core.files import write_text
from disrupting_harm.provenance.addresses import (
    STUDY,
    add_addresses_to_fields,
    address_part,
    row_count,
)
from disrupting_harm.provenance.derived_numbers import ANY
from disrupting_harm.report.language.addressed_text import strip_addresses
from disrupting_harm.report.language.navigation import folder_of_site, own_name
from disrupting_harm.report.language.translator import (
    ADDRESSED,
    MARKDOWN,
    Translator,
    load_translator_of_study,
)
from disrupting_harm.report.web.explorer.facts import (
    ESTIMATES,
    OF_EVERYONE,
    Earlier,
    Facts,
    Line,
    Row,
    apart,
    countries_of,
    digests,
    frame,
    ledger_of,
    lines,
    packed,
    read_tables,
    surveys,
    with_numbers,
)
from disrupting_harm.report.web.explorer.messages import messages_of
from disrupting_harm.report.web.site.addressed_numbers import printed
from disrupting_harm.report.web.templates import OWN_FILES, content_policy, csp_hash, page_templates
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
        config, codebook: of the study.
        public: the public results, of which tables alone are read.
        templates: the folder of templates and catalogues.
        earlier: codes of the surveys of earlier waves, by country; none for one survey each.

    Returns:
        The files.
    """
    tables = read_tables(public, earlier)
    ledger = ledger_of(public)
    data, files = packed(tables), digests(public, earlier)
    waves = surveys(earlier, tables["changes"])
    languages = config.report.project_languages
    written = []
    for language in languages:
        translator = load_translator_of_study(language, templates, config.study)
        page = Page(translator, config, codebook, countries, tables["estimates"], ledger, templates)
        path = public / FOLDER / f"{language}.html"
        write_text(path, page.filled(data, files, languages, waves))
        written.append(path)
    return written


def signs_of(translator: Translator[str]) -> dict[str, str]:
    """Return the signs with which the script writes numbers."""
    locale = translator.locale
    return {
        "decimal": numbers.get_decimal_symbol(locale),
        "group": numbers.get_group_symbol(locale),
    }


def _rows_of(estimates: Sequence[Row], cell: str) -> Any:
    """Return how many rows have an estimate ("any") or none ("_"), with its address."""
    surveys = sorted({row["country"] for row in estimates})
    rows = ",".join(
        f"{address_part(code)}/{Path(ESTIMATES).stem}/estimate:{cell}" for code in surveys
    )
    return row_count(sum(bool(row["estimate"]) is (cell == ANY) for row in estimates), rows)


class Page:
    """The page of one language; those who check it make its facts again.

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
        self._said = messages_of(translator, self._config, countries)
        known = any(row.internet_use_rate is not None for row in countries)
        self._codes = OF_EVERYONE if known else {}
        self._countries = countries_of(countries, translator, estimates)
        self._apart = apart(ledger, translator)
        self._shown, self._others = (_rows_of(estimates, cell) for cell in (ANY, address_part("")))

    def filled(
        self,
        data: str,
        files: Mapping[str, str],
        languages: Sequence[str],
        waves: Mapping[str, Mapping[str, str]],
    ) -> str:
        """Return the file; the same public tables and texts give the same bytes."""
        translator, study = self._translator, self._config.study
        said = self._said
        folder = self._templates / FOLDER
        script, style = script_of(folder), (folder / "explorer.css").read_text(encoding="utf-8")
        context = {
            "language": translator.language,
            "home": f"../{folder_of_site(translator.language, languages)}",
            "languages": [(code, own_name(code)) for code in languages],
            "study": translator.of_study(study.title),
            "said": said,
            **self._told(said),
            "release": f"{self._release()}. {ESTIMATES}, SHA-256 {files[ESTIMATES]}",
            "facts": json_in_page(self.known(files, waves)),
            "data": data,
            "script": script,
            "style": style,
            "policy": content_policy(
                script=f"'{csp_hash(script)}'", style=f"'{csp_hash(style)}'", font=OWN_FILES
            ),
        }
        environment = page_templates(folder)
        environment.finalize = printed
        environment.filters |= {"part": address_part, "plain": strip_addresses}
        return environment.get_template("page.html.j2").render(context) + "\n"

    def above(self) -> list[str]:
        """Return what stands above the plain tables, in order: the script takes names there.

        Of each theme its name; of each table the name of its indicator, and the indicator.
        """
        found = []
        for module in self._facts.modules():
            found.append(strip_addresses(module["label"]).strip())
            for entry in module["indicators"]:
                found += [strip_addresses(entry["label"]).strip(), address_part(entry["id"])]
        return found

    def known(
        self, files: Mapping[str, str], waves: Mapping[str, Mapping[str, str]]
    ) -> dict[str, Any]:
        """Return what the script knows besides the tables, and the addresses of its numbers.

        Args:
            files: the SHA-256 of each public table that the page has.
            waves: surveys of countries with several.
        """
        facts = self._facts
        modules = facts.modules()
        known = {
            "words": self._said,
            "signs": signs_of(self._translator),
            "codes": self._codes,
            "first": facts.first(modules),
            "bases": facts.bases,
            # The script reads what they are called above the tables for readers without one.
            "modules": [
                {"indicators": [{k: v for k, v in each.items() if k != "label"} for each in own]}
                for own in (module["indicators"] for module in modules)
            ],
            "domains": facts.domains(),
            "countries": self._countries,
            "apart": self._apart,
            "surveys": waves,
            "reasons": facts.reasons(),
            "intervals": facts.intervals(),
            "methods": facts.methods(self._templates),
            "release": self._release(),
            "kind": data_kind(self._config.study.simulated),
            "mark": self._mark(),
            "files": files,
        }
        return with_numbers(known)

    def _told(self, said: Mapping[str, str]) -> dict[str, Any]:
        """Return what a reader without a script sees."""
        translator, reasons = self._translator, self._facts.reasons()
        draft = translator("Draft translation: not reviewed by a native speaker.")
        return {
            "title": translator(
                "{study}: all estimates", study=translator.of_study(self._config.study.title)
            ),
            "lead": translator(
                "{estimates} published estimates, each with its interval; for {others} further "
                "rows, the range or the reason that stands in place of a number. The page works "
                "without a network.",
                estimates=translator.with_markup(ADDRESSED).number(self._shown),
                others=translator.with_markup(ADDRESSED).number(self._others),
            ),
            "draft": draft if translator.draft else "",
            "simulated": self._mark(),
            "skip": translator("Skip to the content"),
            "pages": translator("Pages"),
            "ways": [
                ("index.html", translator("{Areas}")),
                ("comparison.html", translator("Comparison")),
                ("", translator("All estimates")),
                ("data.html", translator("Data")),
                ("methods.html", translator("Methods")),
            ],
            "still": translator(
                "Below are the estimates of everyone. With a script this page shows those of "
                "groups, too, and more on each number."
            ),
            "notes": self._notes(said),
            "modules": [
                (
                    module["label"],
                    [
                        (
                            entry,
                            frame(entry, self._facts.bases, said),
                            self._lines(entry, said, reasons),
                        )
                        for entry in module["indicators"]
                    ],
                )
                for module in self._facts.modules()
            ],
        }

    def _mark(self) -> str:
        """Return what stands on each page of a simulated study."""
        simulated = self._config.study.simulated
        return self._translator("Simulated data: not for citation") if simulated else ""

    def _lines(
        self, entry: Mapping[str, Any], said: Mapping[str, str], reasons: Mapping[str, str]
    ) -> list[Line]:
        return lines(
            self._totals, entry, self._countries, self._translator, said, reasons, self._apart
        )

    def _notes(self, said: Mapping[str, str]) -> list[str]:
        """Return which countries are not compared, and why."""
        return [
            said["apart"].format(name=each["name"], reason=found["reason"])
            for each in self._countries
            for found in self._apart.get(each["code"], [])
        ]

    def _release(self) -> str:
        """Return of which study and date the numbers are."""
        study, translator = self._config.study, self._translator
        return f"{translator.of_study(study.title)}, {translator.date(study.date)}"


def script_of(folder: Path) -> str:
    """Return the modules of the script as one: they share a scope, so nothing is imported.

    Comments and form stay in the modules: in each page they would cost some kilobytes.
    """
    found = []
    for name in MODULES:
        source = (folder / f"{name}.js").read_text(encoding="utf-8")
        found.append(_EXPORT.sub("", _IMPORT.sub("", _COMMENT.sub("", source))))
    return "\n".join(found)


def json_in_page(value: Any) -> str:
    """Return JSON that no text in it can end: ``<`` is written as a number."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")
