# Adjusted prevalence ratios of the synthetic survey, by R's package `survey`.
#   Rscript adjusted.R SURVEY.csv OUTPUT-FOLDER
# Writes adjusted.csv: ratios of groups to the first group, adjusted and crude, margins of a logistic
# model; and adjusted_countries.csv: ratios of "countries" to their geometric mean.
suppressMessages(library(survey))
folders <- commandArgs(trailingOnly = TRUE)
# R stops iterating at 1e-8 otherwise, and its covariance is that of the step before the last one.
options(warn = -1)
TIGHT <- list(epsilon = 1e-30, maxit = 30)
OUTCOMES <- c("common", "asked_of_some", "unanswered")

data <- read.csv(folders[1])
data$sex <- factor(data$sex)
data$age <- factor(data$age)
data$place <- factor(ifelse(data$weight > 12, "town", "village"))
data$place[seq(1, nrow(data), 17)] <- NA
data$country <- factor(c(north = "A", south = "B", west = "B", east = "C")[data$stratum])
design <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = data, nest = TRUE)
fit <- function(formula, design, family = quasipoisson()) {
  svyglm(formula, design, family = family, control = TIGHT)
}
write <- function(rows, name) {
  write.csv(format(do.call(rbind, rows), digits = 15, scientific = FALSE, trim = TRUE),
            file.path(folders[2], name), row.names = FALSE, quote = FALSE)
}

groups <- function(outcome) {
  # Crude and adjusted ratios are of the same children.
  complete <- subset(design, !is.na(place) & !is.na(design$variables[[outcome]]))
  model <- fit(reformulate(c("sex", "age", "place"), outcome), complete)
  logistic <- fit(reformulate(c("sex", "age", "place"), outcome), complete, quasibinomial())
  one_term <- function(term) {
    # The crude model holds the term alone.
    crude <- fit(reformulate(term, outcome), complete)
    margins <- sapply(levels(data[[term]]), function(level) {
      rows <- model.frame(logistic)
      rows[[term]] <- factor(level, levels(data[[term]]))
      weighted.mean(predict(logistic, rows, type = "response"), weights(complete, "sampling"))
    })
    others <- levels(data[[term]])[-1]
    own <- paste0(term, others)
    limits <- exp(confint(crude, own, ddf = crude$df.residual))
    data.frame(
      outcome = outcome, term = term, level = others, log_ratio = coef(model)[own],
      se = SE(model)[own], df = model$df.residual, crude_log_ratio = coef(crude)[own],
      crude_low = limits[, 1], crude_high = limits[, 2], margin_ratio = margins[others] / margins[1]
    )
  }
  do.call(rbind, lapply(c("sex", "age", "place"), one_term))
}
write(lapply(OUTCOMES, groups), "adjusted.csv")

countries <- function(outcome) {
  equal <- data
  equal$weight <- equal$weight / ave(equal$weight, equal$country, FUN = sum)
  equal <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = equal, nest = TRUE)
  equal <- subset(equal, !is.na(place) & !is.na(equal$variables[[outcome]]))
  model <- fit(reformulate(c("country", "sex", "age", "place"), outcome), equal)
  codes <- levels(data$country)
  effects <- lapply(seq_along(codes), function(k) {
    factors <- setNames((seq_along(codes) == k) - 1 / length(codes), paste0("country", codes))[-1]
    effect <- svycontrast(model, factors)
    data.frame(outcome = outcome, country = codes[k], log_ratio = coef(effect)[[1]],
               se = SE(effect)[[1]], df = model$df.residual)
  })
  do.call(rbind, effects)
}
write(lapply(OUTCOMES, countries), "adjusted_countries.csv")
