"""Tables as data: what a wrong word says, and that no column is without meaning or use."""

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkout import PROJECT

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.paths import PACKAGE, SOURCES
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.provenance.imports import NAMED, imported_files
from disrupting_harm.reference.data_dictionary import write_data_dictionary
from disrupting_harm.tables.schema import (
    FOLDER,
    list_schema_names,
    read_fields,
    read_schema,
    read_schemas,
)

NUMBERS = ("number", "integer")
READERS = {"restricted_contract", "public_contract", "read_schema", "read_schemas"}
READERS |= {"read_table_key", "read_table_keys"}


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "found"),
    [
        (
            "comparison/pairwise.yaml", "  - p_holm\n", "  - p_hollm\n",
            "comparison/pairwise.yaml, 'p_hollm'",
            "no such column in fields.yaml. Did you mean 'p_holm'?",
        ),
        (
            "comparison/pairwise.yaml", "primaryKey:", "primarykey:",
            "comparison/pairwise.yaml, 'primarykey'",
            "there is no such property. Did you mean 'primaryKey'?",
        ),
        (
            "comparison/pairwise.yaml", "restricted: [se, df]", "restricted: [see, df]",
            "comparison/pairwise.yaml, restricted, 'see'",
            "the table has no such column. Did you mean 'se'?",
        ),
        (
            "comparison/pairwise.yaml", "  - p_holm\n", "  - p_holm\n  - p_holm\n",
            "comparison/pairwise.yaml, column 'p_holm'", "it stands twice",
        ),
        (
            "comparison/bounds.yaml", "lower <= upper", "lower <= uper",
            "comparison/bounds.yaml, rowChecks, 'lower <= uper'",
            "no rule of its columns. Did you mean 'lower <= upper'?",
        ),
        (
            "country/release.yaml", "interval holds", "interval hold",
            "country/release.yaml, rowChecks, 'interval hold estimate'",
            "no rule of its columns. Did you mean 'interval holds estimate'?",
        ),
        (
            "comparison/gaps.yaml", "- name: difference\n", "- name: difference\n    units: x\n",
            "comparison/gaps.yaml, column 'difference', 'units'",
            "there is no such property. Did you mean 'unit'?",
        ),
        (
            "fields.yaml", "country:\n  type: string", "country:\n  type: sting",
            "fields.yaml, column 'country', 'sting'",
            "there is no such type. Did you mean 'string'?",
        ),
        (
            "fields.yaml", "estimate:\n  type: number", "estimate:\n  type: number\n  constraints: "
            "{minimun: 0}", "fields.yaml, column 'estimate', 'minimun'",
            "no constraint of type number. Did you mean 'minimum'?",
        ),
        (
            "fields.yaml", "  description: How the population is split.\n", "",
            "fields.yaml, column 'domain'", "it has no 'description'",
        ),
        (
            "fields.yaml", "publicType: integer\n  unit", "publicType: intger\n  unit",
            "fields.yaml, column 'n', 'intger'",
            "no type of a public form. Did you mean 'integer'?",
        ),
        (
            "comparison/gaps.yaml", "- name: difference\n", "- nane: difference\n",
            "comparison/gaps.yaml, ''", "no such column in fields.yaml",
        ),
        ("fields.yaml", "country_a:", "country:", "fields.yaml, line", "stands twice"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_named_with_its_file_and_the_nearest_known(
    tmp_path: Path, file: str, old: str, new: str, where: str, found: str
) -> None:
    folder = tmp_path / "tables"
    shutil.copytree(FOLDER, folder)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        read_schemas("", folder)
    assert f"tables/{where}" in str(caught.value)
    assert found in str(caught.value)


def test_an_unknown_table_is_named_with_the_nearest_known() -> None:
    with pytest.raises(StudyError, match="'comparison/pairwize': there is no such table"):
        read_schema("comparison/pairwize")


def test_every_column_is_used_and_every_number_has_a_unit() -> None:
    schemas = read_schemas()
    columns = [(name, column) for name, schema in schemas.items() for column in schema.fields]
    assert {column.name for _, column in columns} == set(read_fields())
    assert [each for each in columns if each[1].type in NUMBERS and not each[1].unit] == []
    assert all(column.description.endswith((".", ")")) for _, column in columns)
    assert len(schemas) > 35


def test_what_a_table_withholds_is_not_public() -> None:
    """Columns from which a count could be worked back, wherever they stand."""
    telling = {"se", "df", "deff", "n_eff", "n_yes", "smallest_n", "child_id", "covariance"}
    for name, schema in read_schemas().items():
        if schema.public_path:
            assert not telling & {column.name for column in schema.public_fields}, name
            assert set(schema.primary_key) <= {column.name for column in schema.public_fields}, name


def _calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        function = getattr(node, "func", None)
        name = getattr(function, "attr", getattr(function, "id", ""))
        if name in READERS:
            yield node


def test_a_stage_is_known_to_depend_on_every_table_that_it_reads() -> None:
    """A call that names its table by a variable alone would escape the reruns."""
    calls, known = 0, list_schema_names("")
    for path in sorted((PROJECT / "src").rglob("*.py")):
        if path.parent == FOLDER or path.name == "imports.py" or path.parent.name == "microdata":
            continue
        text = path.read_text(encoding="utf-8")
        names = [call["name"] for call in NAMED.finditer(text)]
        assert all(any(each.startswith(name) for each in known) for name in names), path
        found = len(names)
        # The schema of a Parquet file is another thing.
        own = [c for c in _calls(path) if getattr(getattr(c.func, "value", None), "id", "") != "pq"]
        assert found == len(own), path
        calls += found
    assert calls > 80
    change = imported_files(PACKAGE / "stages" / "publish_change.py", *SOURCES)
    assert {FOLDER / f"change/{name}.yaml" for name in ("changes", "waves", "trends")} <= change
    assert not change & {FOLDER / "comparison/total.yaml", FOLDER / "fields.yaml"}


def test_the_data_dictionary_is_that_of_the_files(tmp_path: Path) -> None:
    """Each table and each column of it stands there once, below what is written by hand."""
    page = PROJECT / "docs/data-dictionary.md"
    copy = tmp_path / page.name
    shutil.copy(page, copy)
    write_data_dictionary(copy)
    text = copy.read_text(encoding="utf-8")
    assert text == page.read_text(encoding="utf-8"), "run 'make docs'"
    columns = sum(len(schema.fields) for schema in read_schemas().values())
    columns += sum(len(public.fields) for public in PUBLIC.values())
    assert len(re.findall(r"^\| `\w+` \| (?:string|integer|number|boolean)", text, re.M)) == columns
    assert (
        "| `se` | number | share, from 0 to 1 | no | Standard error of the row's number. |" in text
    )
