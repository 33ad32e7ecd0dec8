"""Functions in R of two countries, of gaps, of two gaps, and of what silence would do to them.

Of simultaneous limits of pairs the critical value is that of the run's draws, as another generator
cannot repeat them; ``drawn`` is that of R's own.
"""

from disrupting_harm.provenance.lines.call import Call

PAIRS, GAPS, GAP_PAIRS, CLAIMS = "pairwise", "gaps", "gap_pairs", "silence_claims"

FUNCTIONS = {
    "tested": """\
tested <- function(d, se, df, critical, drawn, own) {
  p <- 2 * pt(-abs(d / se), df)
  near <- qt(upper, df) * se
  far <- -qt(pnorm(-critical), df) * se
  data.frame(difference = d, ci_low = d - near, ci_high = d + near,
    ci_low_simultaneous = d - far, ci_high_simultaneous = d + far, p_value = p,
    p_holm = p.adjust(p, "holm"), p_bh = p.adjust(p, "BH"), drawn,
    level = alpha / (sum(!is.na(p)) - rank(p, ties.method = "first") + 1))[own, ]
}
""",
    "in_pairs": """\
in_pairs <- function(f, a, b) {
  pairs <- combn(nrow(f), 2); i <- pairs[1, ]; j <- pairs[2, ]
  v <- f$se^2
  part <- ifelse(v > 0, v^2 / f$df, 0)
  se <- sqrt(v[i] + v[j])
  set.seed(1)
  e <- matrix(rnorm(1e5 * nrow(f)), ncol = nrow(f)) %*% diag(f$se)
  drawn <- quantile(do.call(pmax, lapply(which(se > 0),
    function(k) abs(e[, i[k]] - e[, j[k]]) / se[k])), 1 - alpha)[[1]]
  tested(f$estimate[i] - f$estimate[j], se, se^4 / (part[i] + part[j]), f$critical[1], drawn,
    which(rownames(f)[i] == a & rownames(f)[j] == b))
}
""",
    "log_ratio": """\
log_ratio <- function(x) {
  v <- (x["se", ] / x["estimate", ])^2
  c(log(x["estimate", 1] / x["estimate", 2]), sqrt(sum(v)), sum(v)^2 / sum(v^2 / x["df", ]))
}
""",
    "ratio": """\
ratio <- function(log) {
  near <- qt(upper, log[3]) * log[2]
  setNames(exp(log[1] + c(0, -near, near)), c("ratio", "ratio_low", "ratio_high"))
}
""",
    "in_family": """\
in_family <- function(x, country) {
  f <- family(x)
  critical <- qnorm((1 - alpha)^(1 / sum(f$se > 0)) / 2 + 0.5)
  tested(f$estimate, f$se, f$df, critical, critical, match(country, rownames(f)))
}
""",
    # Silence in the lower of the two, none in the higher.
    "claim": """\
claim <- function(level, log) {
  size <- abs(log[1])
  low <- max(size - qt(1 - level / 2, log[3]) * log[2], 0)
  c(ratio = exp(log[[1]]), claim_goes = 1 - exp(-low), order_turns = 1 - exp(-size))
}
""",
}

_OF_PAIR = ("read", "whole", "family", "tested", "in_pairs", "log_ratio")
_OF_GAP = ("read", "gap", "family", "tested", "in_family")
_TWO = 'x <- sapply(c("{country_a}", "{country_b}"), whole)\n'
CALLS = {
    PAIRS: Call(
        (*_OF_PAIR, "ratio"),
        _TWO + 'show(c(in_pairs(family(x), "{country_a}", "{country_b}"), ratio(log_ratio(x))))',
    ),
    GAPS: Call(
        (*_OF_GAP, "ratio"),
        """\
x <- sapply("{country}", gap, "{level_a}", "{level_b}")
show(c(in_family(x, "{country}"), ratio(x[c("log", "log_se", "df"), ])))""",
    ),
    GAP_PAIRS: Call(
        ("read", "gap", "family", "tested", "in_pairs"),
        """\
x <- sapply(c("{country_a}", "{country_b}"), gap, "{level_a}", "{level_b}")
show(in_pairs(family(x), "{country_a}", "{country_b}"))""",
    ),
}
# The claim is of two countries, or of two groups of one.
CLAIM_OF_PAIR = Call(
    (*_OF_PAIR, "claim"),
    "# Of two countries.\n"
    + _TWO
    + 'show(claim(in_pairs(family(x), "{country_a}", "{country_b}")$level, log_ratio(x)))',
)
CLAIM_OF_GAP = Call(
    (*_OF_GAP, "claim"),
    """\
# Of two groups of a country.
x <- sapply("{country_a}", gap, "{level_a}", "{level_b}")
show(claim(in_family(x, "{country_a}")$level, x[c("log", "log_se", "df"), ]))""",
)
