"""What leaves of each comparison, column by column: public forms follow the restricted tables."""

import pytest

from disrupting_harm.comparison import COMPARED, NEEDS, TABLES
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.schema import list_schema_names

WHOLE = "whole whole_low whole_high"
LIMITS, VERDICT = "ci_low ci_high", "step_alpha clear data_kind"
RATIO, TESTS = "ratio ratio_low ratio_high", "p_value p_holm p_bh"
LEAVES = {
    "prevalence": f"country indicator estimate ci_low ci_high {WHOLE} n population shown bound_low "
    "bound_high status data_kind",
    "pairwise": "indicator country_a country_b difference "
    f"{LIMITS} {RATIO} {TESTS} p_text {VERDICT}",
    "against_region": "indicator region country regional_mean difference "
    f"{LIMITS} {RATIO} {TESTS} {VERDICT}",
    "gaps": "indicator domain level_a level_b country difference "
    f"{LIMITS} points points_low points_high {RATIO} {TESTS} {VERDICT}",
    "gap_pairs": "indicator domain level_a level_b country_a country_b difference "
    f"{LIMITS} {TESTS} {VERDICT}",
    "rank_sets": "indicator country countries method scope rank_low rank_high may_be_highest "
    "may_be_lowest data_kind",
    "pooled": "indicator group estimand countries estimate set_low set_high ci_low ci_high "
    f"prediction_low prediction_high {WHOLE} whole_prediction_low whole_prediction_high tau2 "
    "tau2_low tau2_high i2 q q_df q_p bounded left_out note data_kind",
    "leave_one_out": "indicator without estimate set_low set_high ci_low ci_high tau2 bounded note "
    "data_kind",
    "standardised": "indicator country n crude estimate ci_low ci_high shown status note data_kind",
    "bounds": "indicator country valid_share estimate lower upper ci_low ci_high data_kind",
    "bound_pairs": "indicator country_a country_b clear survives higher bounds_ordered reason "
    "data_kind",
    "silence_claims": "indicator domain country_a level_a country_b level_b above ratio claim_goes "
    "order_turns data_kind",
    "silence_ranks": "indicator country countries silence rank_low rank_high may_be_highest "
    "may_be_lowest highest_until lowest_until data_kind",
    "denominators": f"indicator country denominator estimate ci_low ci_high {WHOLE} rank_low "
    "rank_high children children_low children_high population population_year population_source "
    "internet_use_rate internet_use_source rate_uncertainty data_kind rate_uncertainty_source",
    "total": "indicator group countries children set_low set_high children_low children_high added "
    "bounded left_out note data_kind",
    "adjusted": "indicator country term level reference ratio ci_low ci_high p_value p_holm "
    "step_alpha clear crude_ratio margin_ratio note data_kind",
    "adjusted_countries": f"indicator country ratio {LIMITS} p_value p_holm step_alpha clear "
    "crude_ratio note data_kind",
    "associations": "indicator characteristic countries ratio ci_low ci_high p_value p_holm "
    "step_alpha clear prediction_low prediction_high tau2 i2 note data_kind",
    "comparability": "indicator country wave definition recall age_range mode response_rate "
    "coverage fieldwork comparable reason source data_kind",
}


@pytest.mark.parametrize("name", TABLES)
def test_what_leaves(name):
    assert list(public_contract(f"comparison/{name}").columns) == LEAVES[name].split()
    assert public_contract(f"comparison/{name}").name == (
        f"public {restricted_contract(f'comparison/{name}').name}"
    )


def test_every_table_has_both_contracts():
    assert set(list_schema_names("comparison/")) == {
        f"comparison/{name}" for name in (*TABLES, NEEDS, "modelled")
    }
    assert set(COMPARED) < set(TABLES)
