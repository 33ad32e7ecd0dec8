# Intervals for proportions by R's `survey`, all methods of svyciprop, on simulated designs.
#   Rscript intervals.R OUTPUT-FOLDER
# Nothing here is taken over from the Python package: estimate, standard error, n and degrees of
# freedom of every cell are R's own, too.
suppressMessages(library(survey))
METHODS <- c("logit", "xlogit", "likelihood", "asin", "beta", "mean")

# Children in PSUs in strata, with answers that are alike within PSUs and unequal weights.
simulate <- function(strata, psus, size, weight_spread) {
  frame <- expand.grid(child = seq_len(size), psu = seq_len(psus), stratum = seq_len(strata))
  level <- rnorm(strata * psus, 0, 0.5)[(frame$stratum - 1) * psus + frame$psu]
  frame$weight <- round(exp(rnorm(nrow(frame), 3, weight_spread)), 3)
  frame$group <- sample(c("small", "large"), nrow(frame), TRUE, c(0.2, 0.8))
  for (percent in c(2, 10, 40, 75, 96)) {
    chance <- plogis(qlogis(percent / 100) + level)
    frame[[paste0("y", percent)]] <- as.numeric(runif(nrow(frame)) < chance)
  }
  frame
}

# The likelihood interval with R's own deviance, dispersion, design effect and quantile, but with
# its equation solved: svyciprop interpolates a spline through ten points of the profile.
solved_likelihood <- function(part, p, level) {
  # Started at its solution: else R takes the design effect from the step before the last.
  fitted <- eval(bquote(svyglm(answer ~ 1, part, family = quasibinomial, start = .(qlogis(p)))))
  deff <- as.numeric(fitted$cov.unscaled / fitted$naive.cov)
  threshold <- qt((1 - level) / 2, degf(part))^2 * deff * as.numeric(summary(fitted)$dispersion)
  family <- binomial()
  weight <- weights(part) / mean(weights(part))
  answer <- part$variables$answer
  excess <- function(log_odds) {
    sum(family$dev.resids(answer, rep(plogis(log_odds), length(answer)), weight)) -
      sum(family$dev.resids(answer, rep(p, length(answer)), weight)) - threshold
  }
  solve <- function(to) uniroot(excess, sort(c(qlogis(p), to)), tol = 1e-15, maxiter = 1000)$root
  plogis(c(solve(qlogis(p) - 60), solve(qlogis(p) + 60)))
}

limits <- function(part, method, level) {
  # R warns where its own quantile of the beta distribution is inaccurate, and stops or gives NA
  # where a profile cannot be followed.
  tryCatch(
    as.numeric(attr(svyciprop(~answer, part, method = method, level = level), "ci")),
    warning = function(inaccurate) c(NA, NA), error = function(failed) c(NA, NA)
  )
}

cell <- function(name, design, chosen, indicator, level) {
  design$variables$answer <- design$variables[[indicator]]
  part <- design[chosen, ]
  found <- svymean(~answer, part)
  p <- as.numeric(coef(found))
  if (p < 1e-12 || p > 1 - 1e-12) return(NULL)
  row <- data.frame(
    design = name, indicator = indicator, confidence = level, p = p, se = as.numeric(SE(found)),
    n = sum(chosen), df = degf(part)
  )
  for (method in METHODS) {
    row[paste(method, c("low", "high"), sep = "_")] <- as.list(limits(part, method, level))
  }
  row[c("solved_low", "solved_high")] <- as.list(solved_likelihood(part, p, level))
  row
}

set.seed(20261124)
survey <- simulate(strata = 4, psus = 10, size = 12, weight_spread = 0.6)
few <- simulate(strata = 2, psus = 4, size = 15, weight_spread = 0.3)
clustered <- function(data) {
  svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = data, nest = TRUE)
}
parts <- list(
  list("clustered", clustered(survey), rep(TRUE, nrow(survey))),
  list("domain", clustered(survey), survey$group == "small"),
  list("few PSUs", clustered(few), rep(TRUE, nrow(few))),
  list("unclustered", svydesign(id = ~1, weights = ~1, data = few), few$group == "large")
)
rows <- list()
for (part in parts) {
  for (indicator in grep("^y", names(survey), value = TRUE)) {
    for (level in c(0.90, 0.95, 0.99)) {
      rows[[length(rows) + 1]] <- cell(part[[1]], part[[2]], part[[3]], indicator, level)
    }
  }
}
numbers <- do.call(rbind, rows)
# Sixteen digits: fifteen, R's default, would cost the tests one.
text <- lapply(numbers, function(x) if (is.numeric(x)) formatC(x, digits = 16, format = "g") else x)
text <- as.data.frame(lapply(text, function(x) ifelse(trimws(x) == "NA", "", trimws(x))))
write.csv(text, file.path(commandArgs(trailingOnly = TRUE)[1], "intervals_r.csv"), row.names = FALSE,
  quote = FALSE)
