"""Functions in R of two countries, of gaps, of two gaps, and of what silence would do to them."""

from disrupting_harm.provenance.r_code.call import RCall

PAIRS, GAPS, GAP_PAIRS, CLAIMS = "pairwise", "gaps", "gap_pairs", "silence_claims"

FUNCTIONS = {
    # Ties have the step of their first.
    "holm_rows": """\
holm_rows <- function(p) {
  p_holm <- p.adjust(p, "holm"); clear <- !is.na(p) & p_holm <= alpha
  step <- sum(!is.na(p)) - rank(signif(p, 9), ties.method = "min", na.last = "keep") + 1
  data.frame(p_value = p, p_holm,
    step_alpha = alpha / ifelse(clear, step, sum(!is.na(p) & !clear)), clear)
}
""",
    "tested": """\
tested <- function(d, se, df, own, p = 2 * pt(-abs(d / se), df)) {
  rows <- holm_rows(p)
  reach <- qt(1 - rows$step_alpha / 2, df) * se
  data.frame(difference = d, ci_low = d - reach, ci_high = d + reach, rows,
    p_bh = p.adjust(rows$p_value, "BH"))[own, ]
}
""",
    "in_pairs": """\
in_pairs <- function(f, a, b) {
  pairs <- combn(nrow(f), 2); i <- pairs[1, ]; j <- pairs[2, ]
  v <- f$se^2
  part <- ifelse(v > 0, v^2 / f$df, 0)
  se <- sqrt(v[i] + v[j])
  tested(f$estimate[i] - f$estimate[j], se, se^4 / (part[i] + part[j]),
    which(rownames(f)[i] == a & rownames(f)[j] == b))
}
""",
    "log_ratio": """\
log_ratio <- function(x) {
  v <- (x["se", ] / x["estimate", ])^2
  c(log(x["estimate", 1] / x["estimate", 2]), sqrt(sum(v)), sum(v)^2 / sum(v^2 / x["df", ]))
}
""",
    # Where it would contradict the verdict it is carried over from the difference.
    "ratio": """\
ratio <- function(log, row) {
  ends <- log[[1]] + c(-1, 1) * qt(1 - row$step_alpha / 2, log[3]) * log[2]
  if (isTRUE((ends[1] > 0 | ends[2] < 0) != row$clear))
    ends <- log[[1]] / row$difference * c(row$ci_low, row$ci_high)
  setNames(exp(c(log[[1]], ends)), c("ratio", "ratio_low", "ratio_high"))
}
""",
    "in_family": """\
in_family <- function(x, country) {
  f <- family(x)
  tested(f$estimate, f$se, f$df, match(country, rownames(f)))
}
""",
    # Silence in the lower of the two, none in the higher.
    "claim": """\
claim <- function(log, row) {
  r <- ratio(log, row)
  nearer <- if (r[[1]] > 1) 1 / r[[2]] else r[[3]]
  c(r[1], claim_goes = 1 - min(nearer, 1), order_turns = 1 - min(r[[1]], 1 / r[[1]]))
}
""",
}

_OF_PAIR = ("read", "whole", "family", "holm_rows", "tested", "in_pairs", "log_ratio", "ratio")
_OF_GAP = ("read", "gap", "family", "holm_rows", "tested", "in_family", "ratio")
_TWO = """\
x <- sapply(c("{country_a}", "{country_b}"), whole)
row <- in_pairs(family(x), "{country_a}", "{country_b}")
"""
_GAP = """\
x <- sapply("{country}", gap, "{level_a}", "{level_b}")
row <- in_family(x, "{country}")
"""
_LOGS = 'x[c("log", "log_se", "df"), ]'
CALLS = {
    PAIRS: RCall(_OF_PAIR, _TWO + "show(c(row, ratio(log_ratio(x), row)))"),
    GAPS: RCall(_OF_GAP, _GAP + f"show(c(row, ratio({_LOGS}, row)))"),
    GAP_PAIRS: RCall(
        ("read", "gap", "family", "holm_rows", "tested", "in_pairs"),
        """\
x <- sapply(c("{country_a}", "{country_b}"), gap, "{level_a}", "{level_b}")
show(in_pairs(family(x), "{country_a}", "{country_b}"))""",
    ),
}
# The claim is of two countries, or of two groups of one.
CLAIM_OF_PAIR = RCall(
    (*_OF_PAIR, "claim"), "# Of two countries.\n" + _TWO + "show(claim(log_ratio(x), row))"
)
CLAIM_OF_GAP = RCall(
    (*_OF_GAP, "claim"),
    "# Of two groups of a country.\n"
    + _GAP.replace("{country}", "{country_a}")
    + f"show(claim({_LOGS}, row))",
)
