"""Functions in R that read the answers of a country, and estimate from them.

A country's file has stratum, PSU, weight, group and answer of each child; of a composite whose open
answers are imputed, its parts. ``family.csv`` has the countries compared: R puts its own estimates
in the place of those of the countries whose answers lie beside it.
"""

from disrupting_harm.provenance.r_code.recompute import IMPUTED

READ = """\
read <- function(country) {
  d <- read.csv(paste0(country, ".csv"),
    colClasses = c(stratum = "character", psu = "character", group = "character"))
  svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = d, nest = TRUE,
    fpc = if ("fpc" %in% names(d)) ~fpc)
}
"""
WHOLE = """\
whole <- function(country) {
  part <- subset(read(country), !is.na(answer))
  m <- MEAN(~answer, part)
  c(estimate = coef(m)[[1]], se = SE(m)[[1]], df = degf(part), n = nrow(part))
}
"""
GAP = """\
gap <- function(country, a, b) {
  design <- read(country)
  part <- subset(design, !is.na(answer) & group %in% c(a, b))
  own <- part$variables$stratum
  m <- svyby(~answer, ~group, part, MEAN, covmat = TRUE)
  x <- svycontrast(m, setNames(c(1, -1), c(a, b)))
  r <- svycontrast(m, bquote(log(.(as.name(a)) / .(as.name(b)))))
  c(estimate = coef(x)[[1]], se = SE(x)[[1]], df = degf(subset(design, stratum %in% own)),
    log = coef(r)[[1]], log_se = SE(r)[[1]])
}
"""
_INDENTED = "".join(f"  {line}\n" for line in IMPUTED.splitlines())
SHARE = f"""\
share <- function(d, here) {{
{_INDENTED}\
  list(p = p, score = score, answered = answered)
}}
"""
WHOLE_IMPUTED = """\
whole <- function(country) {
  design <- read(country)
  x <- share(design$variables, TRUE)
  design$variables$score <- x$score
  c(estimate = x$p, se = SE(svytotal(~score, design))[[1]],
    df = degf(subset(design, x$answered)), n = sum(x$answered))
}
"""
GAP_IMPUTED = """\
gap <- function(country, a, b) {
  design <- read(country)
  d <- design$variables
  x <- share(d, d$group %in% a)
  y <- share(d, d$group %in% b)
  own <- d$stratum[x$answered | y$answered]
  design$variables$gap <- x$score - y$score
  design$variables$log <- x$score / x$p - y$score / y$p
  c(estimate = x$p - y$p, se = SE(svytotal(~gap, design))[[1]],
    df = degf(subset(design, stratum %in% own)),
    log = log(x$p / y$p), log_se = SE(svytotal(~log, design))[[1]])
}
"""
FAMILY = """\
family <- function(x) {
  f <- read.csv("family.csv", row.names = "country", na.strings = "")
  known <- c("estimate", "se", "df")
  if (length(x)) f[colnames(x), known] <- t(x[known, , drop = FALSE])
  f
}
"""
EVERYONE = """\
everyone <- function() {
  codes <- rownames(family(NULL))
  family(sapply(codes[file.exists(paste0(codes, ".csv"))], whole))
}
"""
# Korn and Graubard's interval, see recompute.py.
LIMITS = """\
limits <- function(p, se, n, df, level) {
  u <- (1 + level) / 2
  m <- if (se > 0) min(n, p * (1 - p) / se^2 * (qt(u, n - 1) / qt(u, df))^2) else n
  if (p <= 0 || p >= 1) m <- n
  c(if (p <= 0) 0 else qbeta(1 - u, m * p, m * (1 - p) + 1),
    if (p >= 1) 1 else qbeta(u, m * p + 1, m * (1 - p)))
}
"""
# On the scale on which countries are averaged and ranked: log-odds of proportions.
SCALED = """\
scaled <- function(f) {
  p <- f$estimate; se <- f$se
  if (!proportion) return(list(se = se, y = p, v = se^2))
  for (k in which(p <= 0 | p >= 1 | se == 0)) {
    near <- limits(p[k], se[k], f$n[k], f$df[k], 0.95)
    if (p[k] <= 0 || p[k] >= 1) p[k] <- mean(near)
    se[k] <- diff(near) / (2 * qnorm(0.975))
  }
  list(se = se, p = p, y = qlogis(p), v = (se / (p * (1 - p)))^2)
}
"""
SHOW = 'show <- function(x) cat(sprintf("%s %.15g", names(x), unlist(x)), sep = "\\n")\n'

FUNCTIONS = {
    "read": READ, "whole": WHOLE, "gap": GAP, "family": FAMILY, "everyone": EVERYONE,
    "limits": LIMITS, "scaled": SCALED,
}  # fmt: skip
# In the place of those of the same name, for composites whose open answers are imputed.
IMPUTED_FUNCTIONS = {"share": SHARE, "whole": WHOLE_IMPUTED, "gap": GAP_IMPUTED}
