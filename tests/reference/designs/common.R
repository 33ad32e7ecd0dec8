# Parts that the scripts of this folder share. Nothing here is taken over from the Python package.
suppressMessages(library(survey))
options(survey.lonely.psu = "fail")

CONFIDENCE <- 0.95
TAIL <- 1 - (1 - CONFIDENCE) / 2
DOMAINS <- c("total", "sex", "age")

# One row per number: case, quantity, indicator, domain, level, extra (a probability or a second
# level) and the value.
numbers_of <- function(case, quantity, indicator, domain, level, value, extra = "") {
  data.frame(
    case = case, quantity = quantity, indicator = indicator, domain = domain,
    level = as.character(level), extra = as.character(extra), value = as.numeric(value)
  )
}

levels_of <- function(design, domain) sort(unique(as.character(design$variables[[domain]])))

# All levels of all domains: `compute(chosen)` gives a named vector for the chosen rows.
by_level <- function(case, design, indicator, compute, domains = DOMAINS) {
  rows <- list()
  for (domain in domains) {
    for (level in levels_of(design, domain)) {
      found <- compute(design$variables[[domain]] == level)
      rows[[length(rows) + 1]] <-
        numbers_of(case, names(found), indicator, domain, level, found)
    }
  }
  do.call(rbind, rows)
}

# The answers of the chosen rows, as variables of the full design: y and x with zeros elsewhere.
filled <- function(design, indicator, chosen) {
  answer <- design$variables[[indicator]]
  valid <- chosen & !is.na(answer)
  design$variables$valid <- as.numeric(valid)
  design$variables$answer <- ifelse(valid, answer, 0)
  design
}

# Degrees of freedom by the three rules, counted from the columns of the data.
df_rules <- function(strata, psus, used) {
  touched <- strata %in% unique(strata[used])
  count <- function(rows) {
    length(unique(paste(strata, psus)[rows])) - length(unique(strata[rows]))
  }
  c(
    df_domain_only = count(used), df_strata_with_domain = count(touched),
    df_full = count(rep(TRUE, length(strata)))
  )
}

# A mean or proportion as ratio on the full design, a total, and the design effects of both kinds.
estimates <- function(design, indicator, chosen, strata, psus) {
  design <- filled(design, indicator, chosen)
  used <- design$variables$valid == 1
  mean <- svyratio(~answer, ~valid, design)
  total <- svytotal(~answer, design)
  df <- df_rules(strata, psus, used)
  part <- design[used, ]
  replace <- svymean(~answer, part, deff = "replace")
  without <- svymean(~answer, part, deff = TRUE)
  limit <- qt(TAIL, df[["df_domain_only"]])
  log_half <- limit * as.numeric(SE(total)) / as.numeric(coef(total))
  # Subsetting is another road to the same standard error. Where it is not, R's rule for lonely
  # PSUs looks at the subset alone, and the design effect is over the standard error of the ratio.
  change <- (as.numeric(SE(mean)) / as.numeric(SE(replace)))^2
  c(
    n = sum(used), estimate = as.numeric(coef(mean)), se = as.numeric(SE(mean)),
    total = as.numeric(coef(total)), total_se = as.numeric(SE(total)),
    deff_replace = as.numeric(deff(replace)) * change,
    deff_without_replacement = as.numeric(deff(without)) * change,
    mean_low = as.numeric(coef(mean)) - limit * as.numeric(SE(mean)),
    mean_high = as.numeric(coef(mean)) + limit * as.numeric(SE(mean)),
    count_low = as.numeric(coef(total)) * exp(-log_half),
    count_high = as.numeric(coef(total)) * exp(log_half), df
  )
}

write_numbers <- function(numbers, path) {
  write.csv(numbers, path, row.names = FALSE, quote = FALSE, na = "")
}
