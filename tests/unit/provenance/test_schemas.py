"""Schemas that tables share stand once, and whoever follows the path of one reads the same."""

import json

from disrupting_harm.provenance.datapackage import describe_data_package
from disrupting_harm.tables.schemas import read_resource_schema, share_schemas

TABLES = {
    "countries/KEN/estimates.csv": "country,indicator,domain,level,n,status",
    "countries/KHM/estimates.csv": "country,indicator,domain,level,n,status",
    "estimates.csv": "country,indicator,domain,level,n,status",
    "figures/KEN/en/by-sex.csv": "panel,value,address",
    "figures/KHM/en/by-sex.csv": "panel,value,address",
    "figures/evidence/policy.csv": "panel,value,address",
    "comparison/denominators.csv": "country,population",
}


def test_a_schema_of_several_tables_stands_in_a_file_of_its_own(tmp_path):
    for path, header in TABLES.items():
        table = tmp_path / path
        table.parent.mkdir(parents=True, exist_ok=True)
        table.write_text(f"{header}\n", encoding="utf-8")
    tables = [tmp_path / path for path in TABLES]
    whole = describe_data_package(tmp_path, tables, {"id": "s", "title": "S", "simulated": False})
    package, schemas = share_schemas(whole)
    for place, schema in schemas.items():
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text(json.dumps(schema), encoding="utf-8")
    named = {one["path"]: one["schema"] for one in package["resources"]}
    assert {path: place for path, place in named.items() if isinstance(place, str)} == {
        **dict.fromkeys(list(TABLES)[:3], "schemas/estimates.json"),
        **dict.fromkeys(list(TABLES)[3:6], "schemas/marks.json"),
    }
    assert list(schemas) == ["schemas/estimates.json", "schemas/marks.json"]
    assert [read_resource_schema(tmp_path, one) for one in package["resources"]] == [
        one["schema"] for one in whole["resources"]
    ]
    assert read_resource_schema(tmp_path, {"path": "databooks/KEN.xlsx"}) == {}


def test_two_schemas_of_one_name_have_a_file_each():
    def table(path, field):
        return {"path": path, "schema": {"fields": [{"name": field}]}}

    tables = [
        table(f"countries/{code}/waves.csv", field)
        for field, codes in (("a", "XY"), ("b", "Z"), ("c", "VW"))
        for code in codes
    ]
    package, schemas = share_schemas({"resources": tables})
    assert {place: schema["fields"][0]["name"] for place, schema in schemas.items()} == {
        "schemas/waves.json": "a",
        "schemas/waves-2.json": "c",
    }
    assert [one["schema"] for one in package["resources"]][2] == tables[2]["schema"]
