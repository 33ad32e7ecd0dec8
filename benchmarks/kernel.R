# Times R's `survey` on the first indicators of one country, all domains.
#   Rscript kernel.R SURVEY.csv INDICATORS DOMAINS   (names separated by commas)
# Prints the seconds taken, without reading the data, and then the table as CSV.
suppressMessages(library(survey))
arguments <- commandArgs(trailingOnly = TRUE)
survey <- read.csv(arguments[1])
indicators <- strsplit(arguments[2], ",")[[1]]
domains <- strsplit(arguments[3], ",")[[1]]

run <- function(indicators) {
  design <- svydesign(
    id = ~psu, strata = ~stratum, weights = ~weight, data = survey, nest = TRUE
  )
  rows <- list()
  for (indicator in indicators) {
    for (domain in domains) {
      found <- svyby(
        reformulate(indicator), reformulate(domain), design, svymean, deff = "replace"
      )
      rows[[length(rows) + 1]] <- data.frame(
        indicator = indicator, domain = domain, level = found[[1]],
        estimate = coef(found), se = SE(found)
      )
    }
  }
  do.call(rbind, rows)
}

invisible(run(indicators[1]))
seconds <- system.time(table <- run(indicators))[["elapsed"]]
cat(seconds, "\n")
write.csv(table, stdout(), row.names = FALSE, quote = FALSE)
