# What goes with what over seven artificial countries: slopes by R's package `survey`, pooled by
# `metafor` (Viechtbauer 2010, Journal of Statistical Software 36(3)).
#   Rscript --vanilla associations.R FOLDER
# Writes into FOLDER associations_input.csv, the answers; slopes_r.csv, log odds ratios of a logistic
# model with sex and age beside the characteristic; associations_r.csv, their pooled odds ratio.
suppressMessages({library(survey); library(metafor)})
folder <- commandArgs(trailingOnly = TRUE)[1]
options(warn = -1, survey.lonely.psu = "fail")
set.seed(20261201, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
write <- function(rows, name) {
  write.csv(format(rows, digits = 15, scientific = FALSE, trim = TRUE), file.path(folder, name),
            row.names = FALSE, quote = FALSE)
}

country <- function(code, slope) {
  n <- 240
  psu <- rep(1:24, each = 10)
  shared <- rnorm(24, sd = 0.4)[psu]
  sex <- sample(c("boy", "girl"), n, TRUE); age <- sample(c("a12", "a14", "a16"), n, TRUE)
  knows <- rbinom(n, 1, plogis(0.2 + shared + 0.4 * (age == "a16")))
  told <- rbinom(n, 1, plogis(-0.7 + slope * knows + 0.3 * (sex == "girl") + shared))
  told[sample(n, 9)] <- NA; knows[sample(n, 7)] <- NA
  data.frame(country = code, stratum = (psu - 1) %/% 6 + 1, psu = psu,
             weight = round(runif(n, 5, 40), 2), sex = sex, age = age, knows = knows, told = told)
}
codes <- c("AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG")
data <- do.call(rbind, Map(country, codes, rnorm(7, 0.8, 0.5)))
write(data, "associations_input.csv")

slopes <- do.call(rbind, lapply(codes, function(code) {
  design <- svydesign(~psu, strata = ~stratum, weights = ~weight, data = data[data$country == code, ],
                      nest = TRUE)
  design <- subset(design, !is.na(told) & !is.na(knows))
  # R stops iterating at 1e-8 otherwise, and its covariance is that of the step before the last one.
  model <- svyglm(told ~ sex + age + knows, design, family = quasibinomial(),
                  control = list(epsilon = 1e-30, maxit = 40))
  data.frame(country = code, n = nrow(model.frame(model)), log_ratio = coef(model)[["knows"]],
             log_ratio_se = SE(model)[["knows"]], df = model$df.residual)
}))
write(slopes, "slopes_r.csv")

# "adhoc" is Hartung and Knapp's interval that is never shorter than the t interval without q.
pooled <- rma(log_ratio, sei = log_ratio_se, data = slopes, method = "REML", test = "adhoc",
              control = list(threshold = 1e-14, maxiter = 1000))
another <- pooled$beta[1] + c(-1, 1) * qt(0.975, 6) * sqrt(pooled$tau2 + pooled$se^2)
write(data.frame(what = c("ratio", "ci_low", "ci_high", "p_value", "prediction_low",
                          "prediction_high", "tau2", "i2"),
                 value = c(exp(c(pooled$beta[1], pooled$ci.lb, pooled$ci.ub)), pooled$pval,
                           exp(another), pooled$tau2, pooled$I2 / 100)), "associations_r.csv")
