"""Functions in R of a country beside the mean of its region."""

from disrupting_harm.provenance.r_code.call import RCall

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
    # The reach at which these limits touch zero, by halving.
    "touching": """\
touching <- function(p, x, w) {
  inside <- 0; beyond <- 1024
  for (step in 1:64) {
    reach <- (inside + beyond) / 2; ends <- recovered(p, x, w, reach)
    if (if (sum(w * p) > 0) ends[1] > 0 else ends[2] < 0) inside <- reach else beyond <- reach
  }
  (inside + beyond) / 2
}
""",
    "from_mean": """\
from_mean <- function(f, country) {
  same <- outer(f$region, f$region, "=="); mean <- same / rowSums(same)
  w <- diag(nrow(f)) - mean; v <- f$se^2
  d <- c(w %*% f$estimate); se <- sqrt(c(w^2 %*% v)); df <- se^4 / c(w^4 %*% (v^2 / f$df))
  own <- match(country, rownames(f))
  df[rowSums(same) == 1 | se == 0] <- NA
  d <- ifelse(rowSums(same) > 1, d, 0)
  if (proportion) {
    y <- scaled(f)
    x <- tested(d, se, df, own, ifelse(is.na(df), NA, 2 * pt(-sapply(seq_along(d),
      function(k) if (is.na(df[k])) 0 else touching(f$estimate, y, w[k, ])), df)))
    x[c("ci_low", "ci_high")] <-
      recovered(f$estimate, y, w[own, ], qt(1 - x$step_alpha / 2, df[own]))
  } else x <- tested(d, se, df, own)
  middle <- c(mean %*% f$estimate)[own]
  part <- ((seq_len(nrow(f)) == own) / f$estimate[own] - mean[own, ] / middle)^2 * v
  c(regional_mean = middle, x, ratio(c(log(f$estimate[own] / middle), sqrt(sum(part)),
    sum(part)^2 / sum(part^2 / f$df)), x))
}
""",
}

CALLS = {
    REGIONS: RCall(
        (
            *("read", "whole", "family", "everyone", "limits", "scaled"),
            *("holm_rows", "tested", "ratio", "recovered", "touching", "from_mean"),
        ),
        'show(from_mean(everyone(), "{country}"))',
    ),
}
