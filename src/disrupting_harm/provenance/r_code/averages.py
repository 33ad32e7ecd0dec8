"""Functions in R of averages and sums of countries: weighted means, and the random-effects model.

``bounds.csv`` has the countries whose estimate is hidden, with what everybody can know of them: the
ends of their bounds, and the largest design effect and sample of their other estimates. The limits
for another country are of draws, which another generator cannot repeat: R's own stand in their
place, by the same method.
"""

from disrupting_harm.provenance.r_code.call import RCall

POOLED, WITHOUT_ONE, SUM = "pooled", "leave_one_out", "total"

FUNCTIONS = {
    "hidden": """\
hidden <- function(group) {
  if (!file.exists("bounds.csv")) return(NULL)
  h <- read.csv("bounds.csv", na.strings = "")
  if (group != "all") h <- h[h$region %in% group, ]
  if (nrow(h)) h
}
""",
    # The ends of the set of Imbens and Manski; without hidden countries both are the average.
    "average": """\
average <- function(f, h, size, size_se) {
  a <- size / sum(size)
  low <- c(f$estimate, h$bound_low); high <- c(f$estimate, h$bound_high)
  ends <- c(sum(a * low), sum(a * high)); middle <- (low + high) / 2
  part <- (a[seq_len(nrow(f))] * scaled(f)$se)^2
  v <- sum(part) + sum(((middle - mean(ends)) / sum(size) * size_se)^2)
  df <- v^2 / sum(part^2 / f$df); apart <- diff(ends) / sqrt(v)
  reach <- if (is.null(h)) qt(upper, df) else uniroot(function(x)
    pt(x + apart, df) - pt(-x, df) - confidence, c(0, 100), tol = 1e-14)$root
  far <- c(-1, 1) * reach * sqrt(v)
  limits <- if (proportion) plogis(qlogis(ends) + far / (ends * (1 - ends))) else ends + far
  c(if (is.null(h)) c(estimate = ends[1]) else c(set_low = ends[1], set_high = ends[2]),
    ci_low = limits[1], ci_high = limits[2])
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
    # Every value that hidden countries may have: all alike, and of few of them every corner.
    "possible": """\
possible <- function(h) {
  each <- lapply(seq_len(nrow(h)), function(k) {
    few <- c(0.5, 2.5, 10) / h$size[k]
    q <- sort(unique(c(few, 1 - few, h$bound_low[k], h$bound_high[k])))
    q[q >= h$bound_low[k] & q <= h$bound_high[k] & q > 0 & q < 1]
  })
  alike <- lapply(seq_len(max(lengths(each))), function(step)
    sapply(each, function(q) q[min(step, length(q))]))
  corners <- as.matrix(expand.grid(lapply(each, range)))
  c(alike, if (nrow(h) <= 6) lapply(seq_len(nrow(corners)), function(k) unname(corners[k, ])))
}
""",
    "pooled": """\
pooled <- function(f, h, estimand) {
  if (estimand == "random_effects") {
    x <- scaled(f)
    if (is.null(h)) return(pool(x$y, x$v))
    all <- sapply(possible(h), function(p)
      pool(c(x$y, qlogis(p)), c(x$v, h$deff / (h$size * p * (1 - p)))))
    low <- apply(all, 1, min); high <- apply(all, 1, max)
    return(c(set_low = low[["estimate"]], set_high = high[["estimate"]],
      low["ci_low"], high["ci_high"], low["drawn_prediction_low"], high["drawn_prediction_high"]))
  }
  if (estimand == "equal_country") return(average(f, h, rep(1, nrow(f) + NROW(h$country)), 0))
  known <- function(x) x[!is.na(x$persons * x$rate), ]
  f <- known(f); if (!is.null(h)) h <- known(h)
  average(f, h, c(f$persons * f$rate, h$persons * h$rate),
    c(f$persons * f$rate_se, h$persons * h$rate_se))
}
""",
    # Limits of each country's number of children, and of their sum by Zou and Donner.
    "added_up": """\
added_up <- function(f, h) {
  f <- f[!is.na(f$persons * f$rate), ]
  x <- t(as.matrix(f[, c("estimate", "se", "df", "n")]))
  e <- sapply(rownames(f), function(one) of_everyone(f, x, one)$persons)
  sum <- sum(e[1, ])
  ends <- sum + c(-sqrt(sum((e[1, ] - e[2, ])^2)), sqrt(sum((e[3, ] - e[1, ])^2)))
  if (is.null(h)) return(c(children = sum, children_low = ends[1], children_high = ends[2]))
  h <- h[!is.na(h$persons * h$rate), ]
  off <- exp(qnorm(upper) * h$rate_se / h$rate); n <- h$persons * h$rate
  c(set_low = sum + sum(n * h$bound_low), set_high = sum + sum(n * h$bound_high),
    children_low = ends[1] + sum(n * h$bound_low / off),
    children_high = ends[2] + sum(pmin(n * h$bound_high * off, h$persons)))
}
""",
}

_NEEDS = ("read", "whole", "family", "everyone", "limits", "scaled", "pool")
CALLS = {
    POOLED: RCall(
        (*_NEEDS, "hidden", "average", "possible", "pooled"),
        """\
f <- everyone()
if ("{group}" != "all") f <- f[f$region %in% "{group}", ]
# Limits for another country are of R's own draws (drawn_...), not of the run's.
show(pooled(f, hidden("{group}"), "{estimand}"))""",
    ),
    SUM: RCall(
        (*_NEEDS, "of_everyone", "hidden", "added_up"),
        """\
f <- everyone()
if ("{group}" != "all") f <- f[f$region %in% "{group}", ]
show(added_up(f, hidden("{group}")))""",
        limits=True,
    ),
    WITHOUT_ONE: RCall(
        (*_NEEDS, "hidden", "possible", "pooled"),
        """\
f <- everyone()
f <- f[rownames(f) != "{without}", ]
h <- hidden("all")
h <- if (any(h$country != "{without}")) h[h$country != "{without}", ]
found <- pooled(f, h, "random_effects")
columns <- c("estimate", "set_low", "set_high", "ci_low", "ci_high", "tau2")
show(found[intersect(columns, names(found))])""",
    ),
}
