"""What a study calls codes of its own: items, roles and themes, which no table lists.

No pandas here: the Snakefile loads modules of this kind at every call.
"""

from pathlib import Path

from pydantic import RootModel

from disrupting_harm.core.errors import StudyError, suggest_name
from disrupting_harm.evidence.definition import Labels
from disrupting_harm.evidence.tables import TABLES
from disrupting_harm.study.configuration.section import Text, read_yaml, validate_content

# The columns that a study may name, by table.
LABELLED_COLUMNS = {
    name: [column.name for column in table.columns if column.label_column]
    for name, table in TABLES.items()
    if any(column.label_column for column in table.columns)
}


class _LabelsFile(RootModel[dict[str, dict[str, dict[Text, Text]]]]):
    """Labels by table, column and code."""


def load_labels(path: Path) -> Labels:
    """Read the file of labels.

    Raises:
        StudyError: naming the file and key, what was found and what to do.
    """
    labels: Labels = validate_content(_LabelsFile, read_yaml(path) or {}, str(path)).root
    for table, columns in labels.items():
        if table not in LABELLED_COLUMNS:
            raise StudyError(
                f"{path}, key '{table}'",
                "no codes of such a table take labels",
                f"{suggest_name(table, LABELLED_COLUMNS)}Tables whose codes do are "
                f"{', '.join(LABELLED_COLUMNS)}",
            )
        for column in columns:
            if column not in LABELLED_COLUMNS[table]:
                raise StudyError(
                    f"{path}, key '{table}.{column}'",
                    "no codes of such a column take labels",
                    f"{suggest_name(column, LABELLED_COLUMNS[table])}Columns whose codes do are "
                    f"{', '.join(LABELLED_COLUMNS[table])}",
                )
    return labels
