"""Functions in R of a country beside the mean of its region."""

from disrupting_harm.provenance.lines.call import Call

REGIONS = "against_region"

FUNCTIONS = {
    # Limits recovered from those of each country's log-odds (Zou and Donner 2008).
    "recovered": """\
recovered <- function(p, x, w, reach) {
  low <- pmin(plogis(x$y - reach * sqrt(x$v)), p); high <- pmax(plogis(x$y + reach * sqrt(x$v)), p)
  down <- w * ifelse(w > 0, p - low, high - p); up <- w * ifelse(w > 0, high - p, p - low)
  sum(w * p) + c(-1, 1) * c(sqrt(sum(down^2)), sqrt(sum(up^2)))
}
""",
    "from_mean": """\
from_mean <- function(f, country) {
  same <- outer(f$region, f$region, "=="); mean <- same / rowSums(same)
  w <- diag(nrow(f)) - mean; v <- f$se^2
  d <- c(w %*% f$estimate); se <- sqrt(c(w^2 %*% v)); df <- se^4 / c(w^4 %*% (v^2 / f$df))
  own <- match(country, rownames(f))
  df[rowSums(same) == 1 | se == 0] <- NA
  x <- tested(ifelse(rowSums(same) > 1, d, 0), se, df, own)
  if (proportion) {
    ends <- recovered(f$estimate, scaled(f), w[own, ], qt(1 - x$step_alpha / 2, df[own]))
    if (isTRUE((ends[1] > 0 | ends[2] < 0) == x$clear)) x[c("ci_low", "ci_high")] <- ends
  }
  middle <- c(mean %*% f$estimate)[own]
  part <- ((seq_len(nrow(f)) == own) / f$estimate[own] - mean[own, ] / middle)^2 * v
  c(regional_mean = middle, x, ratio(c(log(f$estimate[own] / middle), sqrt(sum(part)),
    sum(part)^2 / sum(part^2 / f$df)), x))
}
""",
}

CALLS = {
    REGIONS: Call(
        (
            *("read", "whole", "family", "everyone", "limits", "scaled"),
            *("holm_rows", "tested", "ratio", "recovered", "from_mean"),
        ),
        'show(from_mean(everyone(), "{country}"))',
    ),
}
