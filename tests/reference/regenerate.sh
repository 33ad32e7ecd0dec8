#!/bin/sh
# Compute the reference numbers again with R and its package `survey`, and fail if they drifted.
#
#   tests/reference/regenerate.sh           compare with the committed numbers
#   tests/reference/regenerate.sh --write   replace them
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=$here/../../.venv/bin/python
[ -x "$python" ] || python=python3
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT

command -v Rscript >/dev/null || { echo "Rscript with the package survey is needed" >&2; exit 1; }

# The synthetic data come from seeded scripts and have to be the committed ones to the byte.
mkdir "$fresh/weights"
"$python" "$here/make_survey.py" "$fresh/survey.csv"
"$python" "$here/weights/make_sample.py" "$fresh/weights"
mkdir "$fresh/calibration"
"$python" "$here/calibration/make_sample.py" "$fresh/calibration"
mkdir "$fresh/composites"
"$python" "$here/composites/make_sample.py" "$fresh/composites"
mkdir "$fresh/questions"
"$python" "$here/questions/make_sample.py" "$fresh/questions"
mkdir "$fresh/designs"
"$python" "$here/designs/make_data.py" "$fresh/designs"
mkdir "$fresh/change"
"$python" "$here/change/make_sample.py" "$fresh/change"
for data in survey.csv change/sample.csv weights/sample.csv weights/margins.csv calibration/sample.csv \
    designs/stages.csv designs/pairs.csv composites/sample.csv questions/sample.csv; do
    cmp "$here/$data" "$fresh/$data"
done

nhanes2=$("$python" -W ignore -c 'import samplics.datasets as d, pathlib
print(pathlib.Path(d.__file__).parent / "data" / "nhanes2.csv")')
Rscript --vanilla "$here/survey.R" "$here" "$fresh"
Rscript --vanilla "$here/nhanes2.R" "$here" "$fresh" "$nhanes2"
Rscript --vanilla "$here/rows_alike.R" "$here" "$fresh" "$nhanes2"
Rscript --vanilla "$here/weights/make_weights.R" "$here/weights" "$fresh/weights"
mkdir "$fresh/intervals"
Rscript --vanilla "$here/intervals/intervals.R" "$fresh/intervals"
Rscript --vanilla "$here/intervals/stabilised.R" "$here/survey.csv" "$fresh/intervals"
mkdir "$fresh/association"
Rscript --vanilla "$here/association/association.R" "$here/association" "$fresh/association" "$nhanes2"
mkdir "$fresh/models"
"$python" "$here/models/make_first_experience.py" "$fresh/models"
cmp "$here/models/first_experience.csv" "$fresh/models/first_experience.csv"
# Needs R's packages MASS and numDeriv, too.
Rscript --vanilla "$here/models/models.R" "$here/models" "$fresh/models"
Rscript --vanilla "$here/models/survival.R" "$here/models" "$fresh/models"
# calibrate() with a distance other than linear needs R's package MASS, too.
Rscript --vanilla "$here/calibration/calibration.R" "$here/calibration" "$fresh/calibration"
Rscript --vanilla "$here/designs/designs.R" "$here/designs" "$fresh/designs"
Rscript --vanilla "$here/designs/pps.R" "$fresh/designs"
Rscript --vanilla "$here/designs/two_phase.R" "$fresh/designs"
Rscript --vanilla "$here/designs/simple.R" "$fresh/designs" "$fresh/designs"
mkdir "$fresh/chances"
Rscript --vanilla "$here/chances/chances.R" "$fresh/chances"
mkdir "$fresh/censored"
Rscript --vanilla "$here/censored/censored.R" "$fresh/censored"
Rscript --vanilla "$here/designs/conventions.R" "$here/designs" "$fresh/designs"
Rscript --vanilla "$here/composites/composites.R" "$here/composites" "$fresh/composites"
Rscript --vanilla "$here/questions/questions.R" "$here/questions" "$fresh/questions"
Rscript --vanilla "$here/designs/replicates.R" "$here/designs" "$fresh/designs" \
    "$(dirname "$nhanes2")"
mkdir -p "$fresh/comparison"
Rscript --vanilla "$here/comparison/contrasts.R" "$fresh/comparison"
Rscript --vanilla "$here/comparison/holm.R" "$fresh/comparison"
Rscript --vanilla "$here/comparison/fay_herriot.R" "$fresh/comparison"
Rscript --vanilla "$here/comparison/standardise.R" "$here/survey.csv" "$fresh/comparison"
Rscript --vanilla "$here/comparison/silence.R" "$fresh/comparison"
# Needs R's package metafor, too.
Rscript --vanilla "$here/comparison/meta.R" "$fresh/comparison"
Rscript --vanilla "$here/comparison/associations.R" "$fresh/comparison"
Rscript --vanilla "$here/comparison/adjusted.R" "$here/survey.csv" "$fresh/comparison"
mkdir "$fresh/averages"
Rscript --vanilla "$here/averages/averages.R" "$here/averages" "$fresh/averages"

Rscript --vanilla "$here/change/change.R" "$here/change" "$fresh/change"
Rscript --vanilla "$here/change/waves.R" "$fresh/change"

mkdir "$fresh/replicates"
Rscript --vanilla "$here/replicates/replicates.R" "$here/models" "$here/replicates" "$fresh/replicates"

for table in survey_r.csv change/numbers.csv change/waves_input.csv change/waves.csv nhanes2_r.csv nhanes2_regions_r.csv rows_alike_r.csv weights/weights.csv intervals/intervals_r.csv intervals/stabilised_r.csv association/apiclus1.csv association/numbers.csv models/numbers.csv replicates/numbers.csv models/survival.csv \
    calibration/weights.csv calibration/negative.csv calibration/errors.csv calibration/replicate_errors.csv \
    calibration/replicate_weights.csv calibration/propensity.csv calibration/trimmed.csv \
    calibration/mse_curve.csv calibration/relations.csv calibration/models.csv \
    designs/designs_r.csv designs/replicates_r.csv designs/replicate_quantiles_r.csv designs/multipliers.csv designs/fpc.csv \
    designs/mu284.csv designs/hospital.csv designs/conventions_r.csv \
    designs/pps_sample.csv designs/pps_joint.csv designs/pps_r.csv designs/two_phase_sample.csv \
    designs/two_phase_r.csv designs/simple_r.csv \
    chances/chances_r.csv censored/censored_r.csv composites/composites_r.csv \
    questions/questions_r.csv \
    comparison/fay_herriot_groups.csv comparison/fay_herriot_nations.csv \
    comparison/fay_herriot_r.csv comparison/welch.csv comparison/corrections.csv comparison/tukey.csv comparison/holm_rows.csv \
    comparison/standardised.csv comparison/adjusted.csv comparison/adjusted_countries.csv \
    comparison/associations_input.csv comparison/slopes_r.csv comparison/associations_r.csv \
    comparison/silence_countries.csv comparison/silence_pairs.csv comparison/silence_ranks.csv \
    comparison/silence_until.csv comparison/meta_data.csv comparison/meta_r.csv averages/averages_r.csv; do
    if [ "${1:-}" = "--write" ]; then
        cp "$fresh/$table" "$here/$table"
    else
        "$python" "$here/compare.py" "$here/$table" "$fresh/$table"
    fi
done
