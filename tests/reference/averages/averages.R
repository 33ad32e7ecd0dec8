# Averages and sums of countries of which some are hidden, in R alone: no function of the project.
# Rscript averages.R FROM TO: it reads countries.csv in one folder and writes averages_r.csv in the
# other; tests/reference/regenerate.sh runs it.
#
# Set of an average: Imbens and Manski (2004), Econometrica 72; sums: Zou and Donner (2008),
# Statistics in Medicine 27; random effects: REML, limits of Hartung and Knapp as modified by Rover,
# Knapp and Friede (2015), BMC Medical Research Methodology 15:99.
options(digits = 17)
upper <- 0.975; confidence <- 0.95

limits_of_set <- function(low, high, se, df) {
  gap <- (high - low) / se
  c <- uniroot(function(c) pt(c + gap, df) - pt(-c, df) - confidence, c(0, 10), tol = 1e-15)$root
  c(plogis(qlogis(low) - c * se / (low * (1 - low))),
    plogis(qlogis(high) + c * se / (high * (1 - high))))
}

average <- function(d, size, size_se) {
  h <- is.na(d$p)
  low <- ifelse(h, d$bound_low, d$p); high <- ifelse(h, d$bound_high, d$p)
  a <- size / sum(size)
  ends <- c(sum(a * low), sum(a * high))
  middle <- (low + high) / 2
  own <- ((a * d$se)^2)[!h]
  # The gradient of sum(N p) / sum(N) at the middle of the set.
  sizes <- sum(((middle - sum(a * middle)) / sum(size) * size_se)^2)
  v <- sum(own) + sizes
  df <- v^2 / sum(own^2 / d$df[!h])
  c(set_low = ends[1], set_high = ends[2],
    setNames(limits_of_set(ends[1], ends[2], sqrt(v), df), c("ci_low", "ci_high")))
}

# The restricted log-likelihood, written out, and its maximum on tau.
reml <- function(y, v) {
  slope <- function(tau2) {
    w <- 1 / (v + tau2); m <- sum(w * y) / sum(w)
    -sum(w) + sum(w^2) / sum(w) + sum(w^2 * (y - m)^2)
  }
  value <- function(tau2) {
    w <- 1 / (v + tau2); m <- sum(w * y) / sum(w)
    -sum(log(v + tau2)) - log(sum(w)) - sum(w * (y - m)^2)
  }
  grid <- c(0, exp(seq(log(1e-8), log(1e3), length.out = 4000)))
  top <- which.max(sapply(grid, value))
  if (top == 1) 0 else uniroot(slope, grid[c(top - 1, top + 1)], tol = 1e-16)$root
}
hartung_knapp <- function(y, v) {
  tau2 <- reml(y, v)
  w <- 1 / (v + tau2); m <- sum(w * y) / sum(w); k <- length(y)
  q <- max(1, sum(w * (y - m)^2) / (k - 1))
  plogis(m + c(0, -1, 1) * qt(upper, k - 1) * sqrt(q / sum(w)))
}
# Half a yes, two and a half and ten of the largest sample, and the end of the bound.
possible <- function(d) {
  few <- c(0.5, 2.5, 10) / d$size
  q <- sort(c(few, 1 - few, d$bound_low, d$bound_high))
  unique(q[q >= d$bound_low & q <= d$bound_high & q > 0 & q < 1])
}
random_effects <- function(d) {
  h <- which(is.na(d$p)); shown <- d[!is.na(d$p), ]
  y <- qlogis(shown$p); v <- (shown$se / (shown$p * (1 - shown$p)))^2
  if (length(h) == 0)
    return(setNames(hartung_knapp(y, v), c("estimate", "ci_low", "ci_high")))
  each <- lapply(h, function(k) possible(d[k, ]))
  most <- max(lengths(each))
  taken <- rbind(
    t(sapply(seq_len(most), function(s) sapply(each, function(q) q[min(s, length(q))]))) |>
      matrix(ncol = length(h)),
    as.matrix(expand.grid(lapply(each, range))))
  found <- apply(taken, 1, function(p)
    hartung_knapp(c(y, qlogis(p)), c(v, d$deff[h] / (d$size[h] * p * (1 - p)))))
  c(set_low = min(found[1, ]), set_high = max(found[1, ]),
    ci_low = min(found[2, ]), ci_high = max(found[3, ]))
}

total <- function(d) {
  shown <- d[!is.na(d$p), ]; h <- d[is.na(d$p), ]
  x <- shown$children * shown$rate * shown$p
  reach <- qnorm(upper) * shown$rate_se / shown$rate
  low <- x * exp(-sqrt(log(shown$p / shown$low)^2 + reach^2))
  high <- x * exp(sqrt(log(shown$high / shown$p)^2 + reach^2))
  ends <- sum(x) + c(-sqrt(sum((x - low)^2)), sqrt(sum((high - x)^2)))
  if (nrow(h) == 0)
    return(c(children = sum(x), children_low = ends[1], children_high = ends[2]))
  n <- h$children * h$rate; off <- exp(qnorm(upper) * h$rate_se / h$rate)
  c(set_low = sum(x) + sum(n * h$bound_low), set_high = sum(x) + sum(n * h$bound_high),
    children_low = ends[1] + sum(n * h$bound_low / off),
    children_high = ends[2] + sum(pmin(n * h$bound_high * off, h$children)))
}

folders <- commandArgs(trailingOnly = TRUE)
all <- read.csv(file.path(folders[1], "countries.csv"))
rows <- list()
say <- function(case, what, found) rows[[length(rows) + 1]] <<- data.frame(
  case = case, what = what, column = names(found), value = sprintf("%.16g", found))
for (case in unique(all$case)) {
  d <- all[all$case == case, ]
  if (anyNA(d$p)) {
    say(case, "population_weighted",
      average(d, d$children * d$rate, d$children * d$rate_se))
    say(case, "equal_country", average(d, rep(1, nrow(d)), 0))
    say(case, "random_effects", random_effects(d))
  }
  for (country in d$country)
    say(case, paste("without", country), random_effects(d[d$country != country, ]))
  say(case, "total", total(d))
}
write.csv(do.call(rbind, rows), file.path(folders[2], "averages_r.csv"), row.names = FALSE, quote = FALSE)
