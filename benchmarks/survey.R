# Times R's `survey` on some indicators of one country, all domains.
#   Rscript survey.R JOB SURVEY.csv INDICATORS DOMAINS   (names separated by commas)
# JOB is "full" (one call per indicator and domain, with design effects), "errors" (all indicators
# of a domain at once, standard errors only) or "bootstrap" (500 replicates, all indicators of a
# domain at once). Prints the seconds taken, without reading the data, and the table as CSV.
suppressMessages(library(survey))
arguments <- commandArgs(trailingOnly = TRUE)
job <- arguments[1]
survey <- read.csv(arguments[2])
indicators <- strsplit(arguments[3], ",")[[1]]
domains <- strsplit(arguments[4], ",")[[1]]

tidy <- function(found, domain, indicators) {
  estimates <- as.matrix(found[, indicators, drop = FALSE])
  errors <- as.matrix(SE(found))
  data.frame(
    indicator = rep(indicators, each = nrow(found)), domain = domain, level = found[[1]],
    estimate = as.vector(estimates), se = as.vector(errors)
  )
}

run <- function(indicators) {
  design <- svydesign(
    id = ~psu, strata = ~stratum, weights = ~weight, data = survey, nest = TRUE
  )
  if (job == "bootstrap") {
    set.seed(2021)
    design <- as.svrepdesign(design, type = "subbootstrap", replicates = 500)
  }
  calls <- if (job == "full") as.list(indicators) else list(indicators)
  rows <- list()
  for (names in calls) {
    for (domain in domains) {
      found <- svyby(
        reformulate(names), reformulate(domain), design, svymean,
        deff = if (job == "full") "replace" else FALSE
      )
      rows[[length(rows) + 1]] <- tidy(found, domain, names)
    }
  }
  do.call(rbind, rows)
}

# Once for nothing, so that R has compiled its functions.
if (job == "full") invisible(run(indicators[1]))
seconds <- system.time(table <- run(indicators))[["elapsed"]]
cat(seconds, "\n")
write.csv(table, stdout(), row.names = FALSE, quote = FALSE)
