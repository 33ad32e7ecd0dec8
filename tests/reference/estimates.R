# What R's `survey` says about one indicator in one domain level: the common part of the scripts
# that write reference numbers. Nothing here is taken over from the Python package.
suppressMessages(library(survey))

CONFIDENCE <- 0.95

# One row of numbers; `chosen` are the rows of the level.
estimate_cell <- function(design, indicator, chosen, statistic) {
  answer <- design$variables[[indicator]]
  valid <- chosen & !is.na(answer)
  design$variables$answer <- ifelse(valid, answer, 0)
  part <- design[valid, ]
  n <- sum(valid)
  df <- degf(part)
  population <- sum(weights(part))
  if (statistic == "total") {
    # On the whole design: with survey.lonely.psu = "adjust" a subset would change the grand mean.
    found <- svytotal(~answer, design)
    simple <- as.numeric(svyvar(~answer, part)) * population^2 / n
    deff <- as.numeric(SE(found))^2 / simple
  } else {
    found <- svymean(~answer, part, deff = "replace")
    deff <- as.numeric(deff(found))
  }
  estimate <- as.numeric(coef(found))
  se <- as.numeric(SE(found))
  limits <- if (statistic == "proportion") {
    proportion_limits(part, estimate, se, df)
  } else {
    mean_limits(estimate, se, df)
  }
  names(limits) <- c("logit_low", "logit_high", "beta_low", "beta_high", "wald_low", "wald_high")
  data.frame(
    n = n, population = population, estimate = estimate, se = se,
    deff_replace = ifelse(is.finite(deff), deff, NA), df = df, as.list(limits)
  )
}

# The logit limits are computed here from R's estimate and standard error: those of svyciprop come
# from an iterative fit that stops at 1e-8. The beta limits are svyciprop's own; they are not capped
# at the number of answers and not defined at 0 and 1, and left out where R warns that its own
# quantile is not accurate.
proportion_limits <- function(part, p, se, df) {
  if (p <= 1e-12 || p >= 1 - 1e-12 || df <= 0) return(rep(NA_real_, 6))
  half <- qt(1 - (1 - CONFIDENCE) / 2, df) * se / (p * (1 - p))
  beta <- tryCatch(
    attr(svyciprop(~answer, part, method = "beta", level = CONFIDENCE), "ci"),
    warning = function(inaccurate) c(NA, NA)
  )
  c(plogis(qlogis(p) - half), plogis(qlogis(p) + half), as.numeric(beta), NA, NA)
}

mean_limits <- function(estimate, se, df) {
  half <- if (df > 0) qt(1 - (1 - CONFIDENCE) / 2, df) * se else NA
  c(NA, NA, NA, NA, estimate - half, estimate + half)
}

# All indicators (a named vector of statistics) in all levels of all domains (column names).
estimate_all <- function(design, indicators, domains) {
  rows <- list()
  for (indicator in names(indicators)) {
    for (domain in domains) {
      column <- design$variables[[domain]]
      levels <- sort(unique(column[!is.na(column) & column != ""]))
      for (level in levels) {
        chosen <- !is.na(column) & column == level
        cell <- estimate_cell(design, indicator, chosen, indicators[[indicator]])
        key <- data.frame(
          indicator = indicator, statistic = indicators[[indicator]],
          domain = domain, level = as.character(level)
        )
        rows[[length(rows) + 1]] <- cbind(key, cell)
      }
    }
  }
  do.call(rbind, rows)
}

write_numbers <- function(numbers, path) {
  write.csv(numbers, path, row.names = FALSE, quote = FALSE, na = "")
}
