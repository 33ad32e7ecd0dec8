"""Functions in R of the ranks that countries may have, of whom a share is, and of silence.

Sets of all countries together take the critical values of the run's draws, step by step, from
``critical.csv``, as another generator cannot repeat them; ``drawn`` are those of R's own.
"""

from disrupting_harm.provenance.r_code.call import RCall

RANKS, SILENCE, DENOMINATORS = "rank_sets", "silence_ranks", "denominators"

FUNCTIONS = {
    "apart": """\
apart <- function(y, v, df) {
  u <- outer(v^2 / df, v^2 / df, "+")
  list(d = outer(y, y, "-"), se = sqrt(outer(v, v, "+")),
    df = ifelse(u > 0, outer(v, v, "+")^2 / u, Inf))
}
""",
    "places": """\
places <- function(above, is_above) cbind(rank_low = 1 + colSums(above),
  rank_high = nrow(above) - rowSums(is_above))
""",
    # Intervals of single countries that do not overlap.
    "klein": """\
klein <- function(y, v, df) {
  half <- qt(0.5 + (1 - alpha)^(1 / length(y)) / 2, df) * sqrt(v)
  above <- outer(y - half, y + half, ">")
  places(above, above)
}
""",
    "together": """\
together <- function(y, v, df, critical) {
  x <- apart(y, v, df)
  left <- x$se > 0 & !diag(length(y)); above <- left & FALSE; drawn <- c()
  set.seed(1)
  e <- matrix(rnorm(1e5 * length(y)), ncol = length(y)) %*% diag(sqrt(v))
  for (one in critical) {
    k <- which(left, arr.ind = TRUE)
    largest <- do.call(pmax, lapply(seq_len(nrow(k)),
      function(r) (e[, k[r, 1]] - e[, k[r, 2]]) / x$se[k[r, 1], k[r, 2]]))
    drawn <- c(drawn, if (nrow(k)) quantile(largest, 1 - alpha)[[1]] else 0)
    found <- left & x$d > -qt(pnorm(-one), x$df) * x$se
    above <- above | found; left <- left & !found
  }
  list(ranks = places(above, above), drawn = drawn)
}
""",
    # The pairs with one country alone: given its error they are independent (Dunnett 1955).
    "alone": """\
alone <- function(y, v, df, steps) {
  x <- apart(y, v, df); z <- seq(-8, 8, length.out = 129)
  up <- down <- x$se > 0 & !diag(length(y)); above <- below <- up & FALSE
  for (i in seq_along(y)) for (step in seq_len(steps)) {
    if (!any(up[i, ] | down[i, ])) break
    other <- pmax(sqrt(v), sqrt(v[i]) / 16)
    inside <- function(one) {
      reach <- one * sqrt(v[i] + other^2) / other
      held <- sapply(seq_along(y), function(j) {
        own <- z * sqrt(v[i]) / other[j]
        pnorm(if (down[i, j]) own + reach[j] else Inf + 0 * z) -
          pnorm(if (up[i, j]) own - reach[j] else -Inf + 0 * z)
      })
      sum(dnorm(z) * apply(held, 1, prod)) * (z[2] - z[1]) - (1 - alpha)
    }
    far <- -qt(pnorm(-uniroot(inside, c(0, 12), tol = 1e-12)$root), x$df[i, ]) * x$se[i, ]
    higher <- up[i, ] & x$d[i, ] > far; lower <- down[i, ] & -x$d[i, ] > far
    above[i, ] <- above[i, ] | higher; below[i, ] <- below[i, ] | lower
    up[i, ] <- up[i, ] & !higher; down[i, ] <- down[i, ] & !lower
    if (!any(higher | lower)) break
  }
  places(t(below), above)
}
""",
    "rank_set": """\
rank_set <- function(y, v, df, method, scope) {
  if (method == "klein") return(list(ranks = klein(y, v, df)))
  single <- method == "mogstad_single_step"
  if (scope == "marginal") return(list(ranks = alone(y, v, df, if (single) 1 else length(y)^2)))
  critical <- read.csv("critical.csv")$critical
  together(y, v, df, if (single) critical[1] else critical)
}
""",
    "with_silence": """\
with_silence <- function(f, share) {
  x <- scaled(f); x <- apart(log(x$p), (x$se / x$p)^2, f$df)
  others <- !diag(nrow(f))
  p <- pt((x$d + log(1 - share)) / x$se, x$df, lower.tail = FALSE)[others]
  above <- others & FALSE
  above[others] <- p.adjust(p, "holm") < alpha
  places(above, above)
}
""",
    # The largest share with which one country alone has the first rank, or the last.
    "until": """\
until <- function(f, country, column, place) {
  stands <- function(margin) {
    first <- which(with_silence(f, 1 - exp(-margin))[, column] == place)
    length(first) == 1 && rownames(f)[first] == country
  }
  if (nrow(f) < 2 || !stands(0)) return(NA)
  ends <- c(0, diff(range(log(scaled(f)$p))))
  for (half in 1:50) ends[if (stands(mean(ends))) 1 else 2] <- mean(ends)
  1 - exp(-ends[1])
}
""",
    "of_everyone": """\
of_everyone <- function(f, x, country) {
  one <- f[country, ]; p <- x["estimate", country]
  ends <- limits(p, x["se", country], x["n", country], x["df", country], confidence)
  reach <- qnorm(upper) * one$rate_se / one$rate
  below <- if (p > 0) p * one$rate * exp(-sqrt(log(p / ends[1])^2 + reach^2)) else 0
  above <- if (p > 0) p * one$rate * exp(sqrt(log(ends[2] / p)^2 + reach^2)) else
    ends[2] * one$rate * exp(reach)
  list(users = c(p, ends), all = c(p * one$rate, below, min(above, 1)),
    persons = one$persons * c(p * one$rate, below, min(above, 1)))
}
""",
    "on_all": """\
on_all <- function(f) {
  x <- scaled(f)
  p <- x$p * f$rate; se <- sqrt((f$rate * x$se)^2 + (x$p * f$rate_se)^2)
  own <- sqrt((f$rate * f$se)^2 + (f$estimate * f$rate_se)^2)
  bare <- f$estimate <= 0 | f$estimate >= 1 | f$se == 0
  list(y = qlogis(p), v = (se / (p * (1 - p)))^2,
    df = ifelse(!bare, f$df * (own / (f$rate * f$se))^4,
      ifelse(f$estimate * f$rate_se > 0, Inf, f$df)))
}
""",
}

_FAMILY = ("read", "whole", "family", "everyone", "limits", "scaled", "apart", "places")
CALLS = {
    RANKS: RCall(
        (*_FAMILY, "klein", "together", "alone", "rank_set"),
        """\
f <- everyone(); x <- scaled(f)
x <- rank_set(x$y, x$v, f$df, "{method}", "{scope}")
show(c(x$ranks[match("{country}", rownames(f)), ], drawn = x$drawn))""",
    ),
    DENOMINATORS: RCall(
        (*_FAMILY, "together", "of_everyone", "on_all"),
        """\
x <- sapply("{country}", whole); f <- everyone()
one <- of_everyone(f, x, "{country}"); users <- "{denominator}" == "internet_using_children"
f <- f[!is.na(if (users) f$estimate else f$rate), ]
y <- if (users) c(scaled(f), list(df = f$df)) else on_all(f)
ranks <- together(y$y, y$v, y$df, read.csv("critical.csv")$critical)
show(c(setNames(if (users) one$users else one$all, c("estimate", "ci_low", "ci_high")),
  setNames(one$persons, c("children", "children_low", "children_high")),
  population = f["{country}", "persons"] * if (users) f["{country}", "rate"] else 1,
  ranks$ranks[match("{country}", rownames(f)), ], drawn = ranks$drawn))""",
        limits=True,
    ),
    SILENCE: RCall(
        (*_FAMILY, "with_silence", "until"),
        """\
f <- everyone()
show(c(with_silence(f, {silence})[match("{country}", rownames(f)), ],
  highest_until = until(f, "{country}", "rank_low", 1),
  lowest_until = until(f, "{country}", "rank_high", nrow(f))))""",
    ),
}
