"""What a run says at its end about documents that are not to be published yet."""

from pathlib import Path
from types import SimpleNamespace

from disrupting_harm.core.files import write_json
from disrupting_harm.report.documents.draft_status import read_marks
from disrupting_harm.report.language.translator import build_english
from disrupting_harm.runs.snakemake_run import list_obstacles

ENGLISH = build_english("countries")

SETTLED = {
    "draft_translation": False,
    "help_not_confirmed": False,
    "not_for_publication": False,
    "untranslated": [],
}


def lines(results: Path, **documents: dict) -> list[str]:
    for name, said in documents.items():
        country, language = name.split("_")
        write_json(
            results / "public" / "reports" / country / language / "status.json", SETTLED | said
        )
    return list_obstacles(SimpleNamespace(config=SimpleNamespace(results=results)))  # type: ignore[arg-type]


def test_documents_that_are_not_for_publication_are_named(tmp_path: Path) -> None:
    said = lines(
        tmp_path,
        KEN_en={"not_for_publication": True},
        KHM_en={"not_for_publication": True},
        KHM_km={"draft_translation": True, "untranslated": ["Told nobody"]},
    )
    assert said[0].startswith("NOT FOR PUBLICATION, no helpline is confirmed")
    assert said[0].endswith(": KEN (en), KHM (en)")
    assert said[1] == "Draft translation, marked on every page: KHM (km)"
    assert said[2].startswith("1 texts in English, listed in ")
    assert said[2].endswith("reports/KHM/km/status.json")


def test_a_settled_run_says_nothing_more(tmp_path: Path) -> None:
    assert lines(tmp_path, KEN_en={}) == []
    # A simulated report may go without a helpline; its record still says that none is confirmed.
    assert lines(tmp_path, KEN_en={"help_not_confirmed": True}) == []


def test_the_site_says_it_beside_the_language(tmp_path: Path) -> None:
    lines(tmp_path, KHM_km={"draft_translation": True, "not_for_publication": True}, KHM_en={})
    reports = tmp_path / "public" / "reports" / "KHM"
    assert read_marks(reports / "km", ENGLISH) == ["not for publication", "draft translation"]
    assert read_marks(reports / "en", ENGLISH) == read_marks(reports / "pt", ENGLISH) == []
