# Times R's `survey` on some indicators of one country, all domains.
#   Rscript survey.R JOB SURVEY.csv INDICATORS DOMAINS   (names separated by commas)
# JOB is "full" (one call per indicator and domain, with design effects), "errors" (all indicators
# of a domain at once, standard errors only), "bootstrap" (500 replicates, all indicators of a
# domain at once), "joint" (the covariance matrix of all indicators, no domains), "replicate_ratios"
# (each indicator over hours, by level) or "replicate_models" (a logistic model of each), both with
# jackknife replicates. Prints the seconds of processor time taken by the design and by the
# estimates, without reading the data, and the table as CSV.
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

design_for <- function(job) {
  design <- svydesign(
    id = ~psu, strata = ~stratum, weights = ~weight, data = survey, nest = TRUE
  )
  if (startsWith(job, "replicate_")) return(as.svrepdesign(design, type = "JKn"))
  if (job != "bootstrap") return(design)
  set.seed(2021)
  as.svrepdesign(design, type = "subbootstrap", replicates = 500)
}

replicate_rows <- function(design, indicator) {
  if (job == "replicate_ratios") {
    found <- svyby(reformulate(indicator), reformulate(domains), design, svyratio,
      denominator = ~hours)
  } else {
    found <- suppressWarnings(svyglm(
      reformulate(c(domains, "hours"), indicator), design,
      family = quasibinomial(), control = list(epsilon = 1e-14, maxit = 100)
    ))
  }
  data.frame(indicator, estimate = as.vector(coef(found)), se = as.vector(SE(found)))
}

run <- function(design, indicators) {
  if (startsWith(job, "replicate_")) {
    return(do.call(rbind, lapply(indicators, replicate_rows, design = design)))
  }
  if (job == "joint") return(as.data.frame(vcov(svymean(reformulate(indicators), design))))
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

# The least of two runs; the first one also has R compile its functions.
design <- found <- NULL
processor <- function(times) sum(times[c("user.self", "sys.self")])
time_design <- function() processor(system.time(design <<- design_for(job)))
time_run <- function() processor(system.time(found <<- run(design, indicators)))
cat(min(time_design(), time_design()), min(time_run(), time_run()), "\n")
write.csv(found, stdout(), row.names = FALSE, quote = FALSE)
