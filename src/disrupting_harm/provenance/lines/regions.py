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
  set.seed(1)
  e <- matrix(rnorm(1e5 * nrow(f)), ncol = nrow(f)) %*% diag(f$se) %*% t(w)
  moves <- which(rowSums(same) > 1 & se > 0)
  drawn <- if (length(moves)) max(qnorm(1 - alpha / 2), quantile(do.call(pmax,
    lapply(moves, function(k) abs(e[, k]) / se[k])), 1 - alpha)[[1]]) else 0
  own <- match(country, rownames(f))
  df[-moves] <- NA
  x <- tested(ifelse(rowSums(same) > 1, d, 0), se, df, f$critical[1], drawn, own)
  if (proportion) {
    y <- scaled(f)
    x[c("ci_low", "ci_high")] <- recovered(f$estimate, y, w[own, ], qt(upper, df[own]))
    x[c("ci_low_simultaneous", "ci_high_simultaneous")] <-
      recovered(f$estimate, y, w[own, ], -qt(pnorm(-f$critical[1]), df[own]))
  }
  middle <- c(mean %*% f$estimate)[own]
  part <- ((seq_len(nrow(f)) == own) / f$estimate[own] - mean[own, ] / middle)^2 * v
  c(regional_mean = middle, x, ratio(c(log(f$estimate[own] / middle), sqrt(sum(part)),
    sum(part)^2 / sum(part^2 / f$df))))
}
""",
}

CALLS = {
    REGIONS: Call(
        (
            *("read", "whole", "family", "everyone", "limits", "scaled"),
            *("tested", "ratio", "recovered", "from_mean"),
        ),
        'show(from_mean(everyone(), "{country}"))',
    ),
}
