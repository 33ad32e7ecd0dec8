"""Functions in R of one country: bounds for missing answers, and standardised estimates."""

from disrupting_harm.provenance.r_code.call import RCall

BOUNDS, STANDARDISED = "bounds", "standardised"

FUNCTIONS = {
    # Limits of Imbens and Manski; ``put``: whether a child was asked.
    "bounds": """\
bounds <- function(country) {
  part <- subset(read(country), put == 1)
  part <- update(part, valid = as.numeric(!is.na(answer)),
    lower = ifelse(is.na(answer), 0, answer), upper = ifelse(is.na(answer), 1, answer))
  m <- svymean(~valid + lower + upper, part); se <- SE(m); p <- coef(m)
  n <- nrow(part); df <- degf(part)
  apart <- if (p[3] > p[2]) (p[3] - p[2]) / max(se[2:3]) else 0
  reach <- uniroot(function(x) pt(x + apart, df) - pt(-x, df) - confidence, c(0, 100),
    tol = 1e-14)$root
  level <- 2 * pt(reach, df) - 1
  c(valid_share = p[[1]], estimate = whole(country)[["estimate"]], lower = p[[2]], upper = p[[3]],
    ci_low = limits(p[[2]], se[[2]], n, df, level)[1],
    ci_high = limits(p[[3]], se[[3]], n, df, level)[2])
}
""",
    "standard": """\
standard <- function(country, w) {
  part <- subset(read(country), !is.na(answer) & group %in% names(w))
  m <- svyby(~answer, ~group, part, svymean, covmat = TRUE)
  p <- coef(m); w <- w[names(p)] / sum(w[names(p)])
  x <- svycontrast(m, w)
  d <- part$variables; g <- factor(d$group, names(p))
  n <- c(table(g)); spread <- c(tapply(d$weight * (d$answer - p[d$group])^2, g, sum)) /
    c(tapply(d$weight, g, sum)) / (n - 1)
  list(p = coef(x)[[1]], se = SE(x)[[1]], n = sum(n), df = degf(part),
    simple = c(share = sum(w^2 * p * (1 - p) / n), mean = sum(w^2 * spread)))
}
""",
    "standardised": """\
standardised <- function(country, w) {
  x <- standard(country, w)
  n_eff <- if (x$se > 0) x$n * x$simple[["share"]] / x$se^2 else x$n
  se <- if (x$se > 0) sqrt(x$p * (1 - x$p) / n_eff) else 0
  ends <- if (proportion) limits(x$p, se, x$n, x$df, confidence) else
    x$p + c(-1, 1) * qt(upper, x$df) * x$se
  c(crude = whole(country)[["estimate"]], estimate = x$p, se = x$se, df = x$df,
    ci_low = ends[1], ci_high = ends[2])
}
""",
}
IMPUTED_FUNCTIONS = {
    "standard": """\
standard <- function(country, w) {
  design <- read(country); d <- design$variables
  x <- lapply(names(w), function(one) share(d, d$group %in% one))
  n <- sapply(x, function(one) sum(one$answered)); x <- x[n > 0]
  w <- w[n > 0] / sum(w[n > 0]); n <- n[n > 0]; p <- sapply(x, function(one) one$p)
  design$variables$score <- Reduce("+", Map(function(one, a) a * one$score, x, w))
  some <- Reduce("|", lapply(x, function(one) one$answered))
  list(p = sum(w * p), se = SE(svytotal(~score, design))[[1]], n = sum(n),
    df = degf(subset(design, some)), simple = c(share = sum(w^2 * p * (1 - p) / n)))
}
""",
}

CALLS = {
    BOUNDS: RCall(("read", "whole", "limits", "bounds"), 'show(bounds("{country}"))', limits=True),
    STANDARDISED: RCall(
        ("read", "whole", "limits", "standard", "standardised"),
        'show(standardised("{country}", c({shares})))',
        limits=True,
    ),
}
