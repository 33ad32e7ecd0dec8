"""Functions in R of averages of countries: weighted means, and the random-effects model.

The limits for another country are of draws, which another generator cannot repeat: R's own stand in
their place, by the same method.
"""

from disrupting_harm.provenance.lines.call import Call

POOLED, WITHOUT_ONE = "pooled", "leave_one_out"

FUNCTIONS = {
    "average": """\
average <- function(f, size, size_se) {
  a <- size / sum(size); m <- sum(a * f$estimate)
  part <- (a * scaled(f)$se)^2
  v <- sum(part) + sum(((f$estimate - m) / sum(size) * size_se)^2)
  far <- c(-1, 1) * qt(upper, v^2 / sum(part^2 / f$df)) * sqrt(v)
  ends <- if (proportion) plogis(qlogis(m) + far / (m * (1 - m))) else m + far
  c(estimate = m, ci_low = ends[1], ci_high = ends[2])
}
""",
    # Restricted maximum likelihood; limits of Hartung and Knapp, modified.
    "pool": """\
pool <- function(y, v) {
  k <- length(y)
  at <- function(tau2) {
    w <- 1 / outer(v, tau2, "+"); s <- colSums(w)
    mean <- colSums(w * y) / s
    r <- w * outer(y, mean, "-"); q <- colSums(r^2 / w)
    list(mean = mean, q = q, se = sqrt(pmax(1, q / (k - 1)) / s),
      height = colSums(log(w)) - log(s) - q, slope = colSums(r^2) - s + colSums(w^2) / s)
  }
  root <- function(f, low, high)
    if (f(low) <= 0) low else uniroot(f, c(low, high), tol = 1e-15)$root
  back <- if (proportion) plogis else identity
  grid <- c(0, 10^seq(-6, 0, length.out = 200))
  g <- grid * (var(y) + sqrt(var(y) * max(v)))
  top <- which.max(at(g)$height)
  tau2 <- root(function(x) at(x)$slope, g[max(top - 1, 1)], g[min(top + 1, length(g))])
  squares <- sum((y - mean(y))^2)
  ends <- sapply(qchisq(c(upper, 1 - upper), k - 1),
    function(chi) root(function(x) at(x)$q - chi, 0, squares / chi))
  x <- at(tau2); w <- 1 / v
  typical <- (k - 1) * sum(w) / (sum(w)^2 - sum(w^2))
  limits <- back(x$mean + c(-1, 1) * qt(upper, k - 1) * x$se)
  set.seed(1); draws <- 2e4
  chi <- rchisq(draws, k - 1)
  g <- grid * squares / quantile(chi, 1e-4)
  t <- approx(at(g)$q, g, chi, rule = 2)$y
  other <- at(t)$mean + rnorm(draws) * sqrt(t) - rt(draws, k - 1) * at(t)$se
  other <- back(quantile(other, c(1 - upper, upper)))
  c(estimate = back(x$mean), ci_low = limits[1], ci_high = limits[2], tau2 = tau2,
    tau2_low = ends[1], tau2_high = ends[2], i2 = tau2 / (tau2 + typical), q = at(0)$q,
    q_df = k - 1, q_p = pchisq(at(0)$q, k - 1, lower.tail = FALSE),
    drawn_prediction_low = other[[1]], drawn_prediction_high = other[[2]])
}
""",
    "pooled": """\
pooled <- function(f, estimand) {
  if (estimand == "equal_country") return(average(f, rep(1, nrow(f)), 0))
  if (estimand == "random_effects") {
    x <- scaled(f)
    return(pool(x$y, x$v))
  }
  f <- f[!is.na(f$children * f$rate), ]
  average(f, f$children * f$rate, f$children * f$rate_se)
}
""",
}

_NEEDS = ("read", "whole", "family", "everyone", "limits", "scaled", "pool")
CALLS = {
    POOLED: Call(
        (*_NEEDS, "average", "pooled"),
        """\
f <- everyone()
if ("{group}" != "all") f <- f[f$region %in% "{group}", ]
# Limits for another country are of R's own draws (drawn_...), not of the run's.
show(pooled(f, "{estimand}"))""",
    ),
    WITHOUT_ONE: Call(
        _NEEDS,
        """\
f <- everyone()
x <- scaled(f[rownames(f) != "{without}", ])
show(pool(x$y, x$v)[c("estimate", "ci_low", "ci_high", "tau2")])""",
    ),
}
