#!/bin/sh
# Compute the reference numbers again with R and its package `survey`, and fail if they drifted.
#
#   tests/reference/regenerate.sh           compare with the committed numbers
#   tests/reference/regenerate.sh --write   replace them
#
# The interpreter can be named: PYTHON=.venv/bin/python tests/reference/regenerate.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3}
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT

command -v Rscript >/dev/null || { echo "Rscript is not installed (it needs the package survey)" >&2; exit 1; }

"$python" "$here/make_survey.py" "$fresh/survey.csv"
cmp "$here/survey.csv" "$fresh/survey.csv"

nhanes2=$("$python" -W ignore -c 'import samplics.datasets as d, pathlib
print(pathlib.Path(d.__file__).parent / "data" / "nhanes2.csv")')
Rscript --vanilla "$here/survey.R" "$here" "$fresh"
Rscript --vanilla "$here/nhanes2.R" "$here" "$fresh" "$nhanes2"

for table in survey_r.csv nhanes2_r.csv; do
    if [ "${1:-}" = "--write" ]; then
        cp "$fresh/$table" "$here/$table"
    else
        "$python" "$here/compare.py" "$here/$table" "$fresh/$table"
    fi
done
