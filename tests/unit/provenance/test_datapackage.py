"""The description of the public tables: a name that could mislead has a title that does not."""

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.datapackage import describe_data_package
from disrupting_harm.report.drawing.marks import MarkRecord
from disrupting_harm.tables.schema import read_schema


def fields(folder, path, header):
    table = folder / path
    table.parent.mkdir(parents=True, exist_ok=True)
    table.write_text(",".join(header) + "\n", encoding="utf-8")
    package = describe_data_package(folder, [table], {"id": "s", "title": "S", "simulated": False})
    return {field["name"]: field for field in package["resources"][0]["schema"]["fields"]}


@pytest.mark.parametrize(
    "path", ["estimates.csv", "countries/KEN/estimates.csv", "comparison/prevalence.csv"]
)
def test_population_is_the_weight_of_the_valid_answers(tmp_path, path):
    field = fields(tmp_path, path, ["country", "population"])["population"]
    assert field["title"] == "Weight of the valid answers"
    assert field["description"].startswith("Sum of the weights of the valid answers")
    # Rounded to hundreds: whole, as the tables have it.
    assert field["type"] == "integer"


def test_population_of_the_denominators_is_the_number_of_children(tmp_path):
    field = fields(tmp_path, "comparison/denominators.csv", ["country", "population"])["population"]
    assert "title" not in field
    assert field["description"].startswith("Children of whom the estimate is a share")


def test_the_status_tells_what_was_not_asked_from_what_is_hidden(tmp_path):
    status = fields(tmp_path, "estimates.csv", ["status"])["status"]["description"]
    assert "not_asked: the survey did not ask, nothing is hidden" in status


def test_data_of_figures_are_described_as_marks_alone(tmp_path):
    """One contract for every kind: of a country, of all countries, of evidence."""
    header = [*MarkRecord._fields, "data_kind"]
    assert header == [field.name for field in read_schema("figures").public_fields]
    for path in (
        "figures/KEN/en/told.csv",
        "figures/comparison/ranks-any.csv",
        "figures/comparison/KEN/en/standing.csv",
    ):
        described = fields(tmp_path, path, header)
        assert described["row"]["type"] == "string"
        assert described["shown"]["description"].startswith("What the figure prints")
        with pytest.raises(StudyError, match=r"column 'country'.*: it is not described"):
            fields(tmp_path, path, ["country"])


def test_limits_of_a_change_are_not_those_of_a_series_of_years(tmp_path):
    field = fields(tmp_path, "countries/KEN/changes.csv", ["country", "ratio_low"])["ratio_low"]
    assert field["description"] == "Lower confidence limit of the ratio, rounded."


def test_the_country_of_an_earlier_wave_has_the_wave_behind_it(tmp_path):
    field = fields(tmp_path, "countries/KEN-1/estimates.csv", ["country"])["country"]
    assert field["description"].endswith("an earlier survey.")
