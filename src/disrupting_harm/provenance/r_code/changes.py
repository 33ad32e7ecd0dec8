"""Functions in R of what changed from one wave of a country to another.

``family.csv`` has the P values of all headline indicators and all pairs of waves in the group of
the row, with their parts of alpha and with the covariance of waves that have PSUs in common: R's
package has no such covariance, so that it stands there at full precision.
"""

from disrupting_harm.provenance.r_code.call import RCall

CHANGES = "changes"

CELL = """\
cell <- function(wave, level) {
  part <- subset(read(wave), !is.na(answer) & group %in% level)
  m <- MEAN(~answer, part)
  c(estimate = coef(m)[[1]], se = SE(m)[[1]], df = degf(part))
}
"""
CELL_IMPUTED = """\
cell <- function(wave, level) {
  design <- read(wave)
  x <- share(design$variables, design$variables$group %in% level)
  design$variables$score <- x$score
  c(estimate = x$p, se = SE(svytotal(~score, design))[[1]],
    df = degf(subset(design, x$answered)))
}
"""

FUNCTIONS = {
    "cell": CELL,
    # Satterthwaite's degrees of freedom of independent waves; of others the smaller ones.
    "two_waves": """\
two_waves <- function(v, covariance, df) {
  total <- sum(v) - 2 * covariance
  c(se = sqrt(total), df = if (covariance == 0) total^2 / sum(v^2 / df) else min(df))
}
""",
    # Holm's method where each row has its part of alpha; ties have the step of their first.
    "weighted_holm": """\
weighted_holm <- function(p, part) {
  o <- order(p / part); each <- signif((p / part)[o], 9)
  left <- rev(cumsum(rev(part[o])))[match(each, each)]
  adjusted <- cummax((p / part)[o] * left); clear <- adjusted <= alpha
  left[!clear] <- left[!clear][1]
  data.frame(p_value = p[o], p_holm = pmin(adjusted, 1), step_alpha = alpha * part[o] / left,
    clear)[order(o), ]
}
""",
    "changed": """\
changed <- function(x, own) {
  f <- read.csv("family.csv", colClasses = c(wave_from = "character", wave_to = "character"))
  i <- which(f$indicator == own[1] & f$wave_from == own[2] & f$wave_to == own[3])
  p <- x["estimate", ]; v <- x["se", ]^2; both <- f$covariance[i]
  d <- p[[2]] - p[[1]]
  e <- two_waves(v, both, x["df", ])
  f$p_value[i] <- 2 * pt(-abs(d / e[["se"]]), e[["df"]])
  row <- weighted_holm(f$p_value, f$alpha_share)[i, ]
  reach <- qt(1 - row$step_alpha / 2, e[["df"]]) * e[["se"]]
  l <- two_waves(v / p^2, both / prod(p), x["df", ])
  list(log = c(log(p[[2]] / p[[1]]), l),
    row = data.frame(difference = d, ci_low = d - reach, ci_high = d + reach, row))
}
""",
}
CALLS = {
    CHANGES: RCall(
        ("read", "cell", "ratio", "claim", *FUNCTIONS),
        """\
# Those with the composition of the first wave (fixed_...) are not among these numbers.
x <- sapply(c("{survey_from}", "{survey_to}"), cell, "{level}")
of <- changed(x, c("{indicator}", "{wave_from}", "{wave_to}"))
show(c(of$row, ratio(of$log, of$row), claim(of$log, of$row)[-1]))""",
    ),
}
IMPUTED_FUNCTIONS = {"cell": CELL_IMPUTED}
