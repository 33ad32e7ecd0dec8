# Calibration, calibrated standard errors, replicates, propensities and trimming of the synthetic
# sample by R's survey package (written by R 4.5.0, survey 4.4-2).
#
#   Rscript calibration.R FOLDER_OF_SAMPLE FOLDER_OF_NUMBERS
folders <- commandArgs(trailingOnly = TRUE)
suppressPackageStartupMessages(library(survey))
options(survey.replicates.mse = FALSE)

sample <- read.csv(file.path(folders[1], "sample.csv"), stringsAsFactors = TRUE)
sample$total <- factor("all")
design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = sample)
N <- 6500
freq <- function(name, values, totals) {
  out <- data.frame(values, totals)
  names(out) <- c(name, "Freq")
  out
}
sexes <- freq("sex", c("boy", "girl"), c(3300, 3200))
ages <- freq("age", c("12-13", "14-15", "16-17"), c(2200, 1900, 2400))
areas <- freq("area", c("rural", "urban"), c(3300, 3200))
margins <- ~sex + age + area
known <- c(`(Intercept)` = N, sexgirl = 3200, `age14-15` = 1900, `age16-17` = 2400,
           areaurban = 3200)
with_income <- update(margins, ~ . + income)
all_known <- c(known, income = 68 * N)

# R stops at a relative error of 1e-7 by default; its Newton steps get to 1e-13 as well.
cal <- function(design, method, bounds = c(-Inf, Inf), formula = margins, totals = known)
  calibrate(design, formula, totals, calfun = method, bounds = bounds, epsilon = 1e-13,
            maxit = 100)
raked <- function(design)
  rake(design, list(~sex, ~age, ~area), list(sexes, ages, areas),
       control = list(maxit = 1000, epsilon = 1e-15))
calibrations <- list(
  linear = function(d) cal(d, "linear"),
  raking = function(d) cal(d, "raking"),
  logit = function(d) cal(d, "logit", c(0.7, 1.5)),
  truncated_linear = function(d) cal(d, "linear", c(0.9, 1.25)),
  linear_income = function(d) cal(d, "linear", formula = with_income, totals = all_known),
  raking_income = function(d) cal(d, "raking", formula = with_income, totals = all_known),
  logit_income = function(d) cal(d, "logit", c(0.6, 1.6), with_income, all_known),
  postStratify = function(d) postStratify(d, ~age, ages),
  rake = raked
)
digits <- function(table) {
  for (name in names(table)) if (is.double(table[[name]])) {
    table[[name]] <- sprintf("%.17g", table[[name]])
  }
  table
}
write <- function(table, file)
  write.csv(digits(table), file.path(folders[2], file), row.names = FALSE, quote = FALSE)

adjusted <- lapply(calibrations, function(f) f(design))
write(data.frame(id = sample$id, lapply(adjusted, weights)), "weights.csv")

# Means, proportions and totals in domains.
estimates <- function(design, name) {
  rows <- list()
  for (y in c("y0", "y1", "y2", "hours")) for (domain in c("total", "sex", "area")) {
    for (statistic in c("mean", "total")) {
      f <- if (statistic == "mean") svymean else svytotal
      found <- svyby(reformulate(y), reformulate(domain), design, f, na.rm = TRUE)
      rows[[length(rows) + 1]] <- data.frame(
        calibration = name, indicator = y, domain = domain, level = found[[1]],
        statistic = statistic, estimate = found[[2]], se = as.vector(SE(found)))
    }
  }
  do.call(rbind, rows)
}
write(do.call(rbind, Map(estimates, adjusted, names(adjusted))), "errors.csv")

# Stratified jackknife, weights calibrated again in every replicate.
jackknife <- as.svrepdesign(design, type = "JKn")
# Without the truncated method: its bounds cannot hold in some replicates, where R warns and goes on
# with totals that are missed.
again <- lapply(calibrations[names(calibrations) != "truncated_linear"], function(f) f(jackknife))
write(do.call(rbind, Map(estimates, again, names(again))), "replicate_errors.csv")
kept <- c("raking", "logit_income", "rake", "postStratify")
some <- lapply(again[kept], function(d) as.matrix(weights(d, "analysis"))[, c(1, 24)])
write(data.frame(id = sample$id, some), "replicate_weights.csv")

# Response propensities: the logistic regression solves the weighted score equations.
fit <- function(w) {
  sample$w <- w
  model <- glm(responded ~ sex + age + income, quasibinomial, sample, weights = w,
               control = glm.control(epsilon = 1e-15, maxit = 100))
  unname(fitted(model))
}
weighted <- fit(sample$weight)
plain <- fit(rep(1, nrow(sample)))
class <- cut(round(weighted, 12), quantile(round(weighted, 12), 0:5 / 5), include.lowest = TRUE,
             labels = FALSE)
rate <- ave(sample$weight * sample$responded, class, FUN = sum) /
  ave(sample$weight, class, FUN = sum)
mean_propensity <- ave(sample$weight * weighted, class, FUN = sum) /
  ave(sample$weight, class, FUN = sum)
write(data.frame(id = sample$id, weighted, plain, class, rate_factor = 1 / rate,
                 mean_factor = 1 / mean_propensity), "propensity.csv")

# Trimming: R's rule of equal shares, the contribution rule, and the curve of estimated errors.
w <- sample$weight
strict <- weights(trimWeights(design, upper = 60, strict = TRUE))
proportional <- function(w, cap) {
  start <- w
  cut <- rep(FALSE, length(w))
  while (any(w > cap * (1 + 1e-13))) {
    cut <- cut | w > cap * (1 + 1e-13)
    w <- ifelse(cut, cap, start * (sum(start) - cap * sum(cut)) / sum(start[!cut]))
  }
  w
}
contribution <- function(w, c) {
  repeat {
    cap <- sqrt(c * sum(w^2) / length(w))
    if (all(w <= cap * (1 + 1e-12))) return(list(w = w, cap = cap))
    w <- proportional(w, cap)
  }
}
rule <- contribution(w, 4)
write(data.frame(id = sample$id, strict, contribution = rule$w, contribution_cap = rule$cap),
      "trimmed.csv")

score <- function(y, w) {
  valid <- !is.na(y)
  m <- sum(w[valid] * y[valid]) / sum(w[valid])
  list(mean = m, z = ifelse(valid, w * (y - m) / sum(w[valid]), 0))
}
variance <- function(z) {
  d <- svydesign(ids = ~psu, strata = ~stratum, weights = ~1,
                 data = data.frame(z, psu = sample$psu, stratum = sample$stratum))
  as.numeric(vcov(svytotal(~z, d)))
}
curve <- list()
for (cap in c(90, 75, 60, 50, 45)) for (y in c("y0", "y1", "y2")) {
  free <- score(sample[[y]], w)
  cut <- score(sample[[y]], proportional(w, cap))
  curve[[length(curve) + 1]] <- data.frame(
    cap = cap, indicator = y, estimate = cut$mean, free_variance = variance(free$z),
    mse = (cut$mean - free$mean)^2 - variance(cut$z - free$z) + variance(cut$z))
}
write(do.call(rbind, curve), "mse_curve.csv")

# Ratios, quantiles and contrasts from calibrated weights.
relations <- list()
add <- function(name, kind, indicator, domain, level, found, se, low = NA, high = NA)
  relations[[length(relations) + 1]] <<- data.frame(
    calibration = name, kind = kind, indicator = indicator, domain = domain, level = level,
    estimate = as.numeric(found), se = as.numeric(se), low = as.numeric(low),
    high = as.numeric(high))
for (name in c("raking", "linear_income", "postStratify", "rake")) {
  # A subset of a calibrated design keeps its other rows, which R multiplies by a weight of zero.
  d <- update(adjusted[[name]], filled = ifelse(is.na(y2), 0, y2))
  for (domain in c("total", "sex", "area")) for (level in levels(sample[[domain]])) {
    inside <- sample[[domain]] == level
    whole <- d[inside, ]
    found <- svyratio(~hours, ~income, whole)
    add(name, "ratio", "hours", domain, level, coef(found), SE(found))
    found <- svyratio(~filled, ~hours, d[inside & !is.na(sample$y2), ])
    add(name, "ratio", "y2", domain, level, coef(found), SE(found))
    for (p in c(0.25, 0.5, 0.9)) for (type in c("mean", "xlogit")) {
      found <- svyquantile(~hours, whole, p, interval.type = type, qrule = "math")[[1]]
      add(name, paste0(type, "_", p), "hours", domain, level, found[1, 1], found[1, 4],
          found[1, 2], found[1, 3])
    }
  }
  for (domain in c("sex", "area", "age")) for (y in c("y0", "hours")) {
    # svyby has no covariances of a calibrated design: means of levels as ratios of totals.
    d$variables$a <- as.numeric(sample[[domain]] == levels(sample[[domain]])[1])
    d$variables$b <- as.numeric(sample[[domain]] == levels(sample[[domain]])[2])
    d$variables$ya <- d$variables$a * sample[[y]]
    d$variables$yb <- d$variables$b * sample[[y]]
    found <- svyratio(~ya + yb, ~a + b, d, covmat = TRUE)
    means <- coef(found)[c(1, 4)]
    covariance <- vcov(found)[c(1, 4), c(1, 4)]
    difference <- svycontrast(structure(means, var = covariance, class = "svystat"), c(1, -1))
    add(name, "contrast", y, domain, "", coef(difference), SE(difference))
    add(name, "covariance", y, domain, "", covariance[1, 2], NA)
  }
}
write(do.call(rbind, relations), "relations.csv")

# Tests of association, t tests and models from calibrated weights.
tight <- glm.control(epsilon = 1e-15, maxit = 100)
models <- list()
keep <- function(name, kind, term, estimate, error, p)
  models[[length(models) + 1]] <<- data.frame(
    calibration = name, kind = kind, term = term, estimate = as.numeric(estimate),
    error = as.numeric(error), p = as.numeric(p))
for (name in c("raking", "linear_income", "postStratify", "rake")) {
  d <- adjusted[[name]]
  for (test in c("F", "Chisq", "Wald", "adjWald")) for (by in c("sex", "age")) {
    found <- svychisq(reformulate(c("y0", by)), d, statistic = test)
    keep(name, test, by, found$statistic, found$parameter[1], found$p.value)
  }
  for (y in c("y0", "hours")) {
    found <- svyttest(reformulate("0", y), d)
    keep(name, "t_mean", y, found$estimate, found$estimate / found$statistic, found$p.value)
    found <- svyttest(reformulate("area", y), d)
    keep(name, "t_area", y, found$estimate, found$estimate / found$statistic, found$p.value)
  }
  for (family in c("linear", "logistic", "poisson")) {
    formula <- if (family == "linear") hours ~ age + income else y0 ~ age + income
    fit <- svyglm(formula, d, control = tight, family = switch(
      family, linear = gaussian(), logistic = quasibinomial(), poisson = quasipoisson()))
    found <- summary(fit)$coefficients
    keep(name, family, rownames(found), found[, 1], found[, 2], found[, 4])
  }
}
write(do.call(rbind, models), "models.csv")

# A total far from the sample's: linear weights below zero, and weights between bounds that meet it.
far <- replace(all_known, "income", 62 * N)
write(data.frame(
  id = sample$id,
  linear = weights(cal(design, "linear", formula = with_income, totals = far)),
  truncated_linear = weights(cal(design, "linear", c(0.05, 5), with_income, far)),
  logit = weights(cal(design, "logit", c(0.05, 5), with_income, far))
), "negative.csv")
