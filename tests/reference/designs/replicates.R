# Reference numbers for replicate designs: made by R, and supplied with public-use files that the
# package samplics carries (NHANES II with BRR and jackknife weights, NMIHS with bootstrap weights).
#   Rscript replicates.R FOLDER-OF-THIS-SCRIPT OUTPUT-FOLDER FOLDER-OF-SAMPLICS-DATA
folders <- commandArgs(trailingOnly = TRUE)
source(file.path(folders[1], "common.R"))

pairs <- read.csv(file.path(folders[1], "pairs.csv"))
pairs$total <- "all"
pairs$cluster <- paste(pairs$stratum, pairs$psu, sep = ".")

replicate_estimates <- function(design, indicator, chosen) {
  design <- filled(design, indicator, chosen)
  part <- design[design$variables$valid == 1, ]
  mean <- svymean(~answer, part)
  total <- svytotal(~answer, design)
  # Over all of the population, as with a ratio of totals.
  c(
    estimate = as.numeric(coef(mean)), se = as.numeric(SE(mean)),
    total = as.numeric(coef(total)), total_se = as.numeric(SE(total))
  )
}
all_estimates <- function(case, design, indicators, domains = DOMAINS) {
  parts <- lapply(indicators, function(indicator) {
    by_level(case, design, indicator, domains = domains, compute = function(chosen) {
      replicate_estimates(design, indicator, chosen)
    })
  })
  full <- numbers_of(case, c("df", "scale"), "", "", "", c(degf(design), design$scale))
  rbind(do.call(rbind, parts), full)
}
# The multipliers of one row of each PSU.
multipliers <- function(case, design) {
  first <- !duplicated(pairs$cluster)
  matrix <- as.matrix(weights(design, "replication"))[first, ]
  data.frame(
    case = case, stratum = pairs$stratum[first], psu = pairs$psu[first],
    replicate = rep(seq_len(ncol(matrix)), each = sum(first)),
    rscale = rep(design$rscales, each = sum(first)), multiplier = as.vector(matrix)
  )
}

stratified <- svydesign(~cluster, strata = ~stratum, weights = ~weight, data = pairs)
corrected <- svydesign(
  ~cluster, strata = ~stratum, weights = ~weight, fpc = ~psus, data = pairs
)
unstratified <- svydesign(~cluster, weights = ~weight, data = pairs)
set.seed(5)
made <- list(
  BRR = as.svrepdesign(stratified, type = "BRR"),
  Fay = as.svrepdesign(stratified, type = "Fay", fay.rho = 0.3),
  JKn = as.svrepdesign(stratified, type = "JKn"),
  "JKn fpc" = as.svrepdesign(corrected, type = "JKn"),
  JK1 = as.svrepdesign(unstratified, type = "JK1"),
  bootstrap = as.svrepdesign(stratified, type = "subbootstrap", replicates = 25)
)
numbers <- list()
weights_of <- list()
for (case in names(made)) {
  for (mse in c(FALSE, TRUE)) {
    design <- made[[case]]
    design$mse <- mse
    numbers[[length(numbers) + 1]] <- all_estimates(
      paste(case, if (mse) "mse" else "mean"), design, c("yes", "rare", "hours")
    )
  }
  weights_of[[case]] <- multipliers(case, made[[case]])
}

supplied <- function(case, file, weight, pattern, outcomes, ...) {
  data <- read.csv(file.path(folders[3], file))
  data$total <- "all"
  half <- data[[outcomes[1]]] > median(data[[outcomes[1]]])
  data$half <- ifelse(half, "upper", "lower")
  for (mse in c(FALSE, TRUE)) {
    design <- svrepdesign(
      data = data, weights = data[[weight]], repweights = pattern, combined.weights = TRUE,
      mse = mse, ...
    )
    numbers[[length(numbers) + 1]] <<- all_estimates(
      paste(case, if (mse) "mse" else "mean"), design, outcomes, c("total", "half")
    )
  }
}
supplied("nhanes2brr", "nhanes2brr_subset.csv", "finalwgt", "brr_[0-9]+", c("height", "weight"), type = "BRR")
supplied(
  "nhanes2jk", "nhanes2jk_subset.csv", "finalwgt", "jkw_[0-9]+", c("height", "weight"),
  type = "JKn", scale = 1, rscales = rep(0.5, 62)
)
supplied(
  "nmihs", "nmihs_subset.csv", "finalwgt", "bsrw[0-9]+", "birth_weight", type = "bootstrap",
  scale = 1 / 49, rscales = rep(1, 50)
)

write_numbers(do.call(rbind, numbers), file.path(folders[2], "replicates_r.csv"))
write_numbers(do.call(rbind, weights_of), file.path(folders[2], "multipliers.csv"))

# Quantiles by svyquantile: Woodruff's intervals, and those from the quantiles of the replicates.
PROBABILITIES <- c(0.1, 0.25, 0.5, 0.9)
KINDS <- c(mean = "mean", logit = "xlogit", replicates = "quantile")
quantiles_of <- function(case, design, kinds) {
  df <- degf(design)
  rows <- list()
  for (kind in kinds) for (domain in DOMAINS) for (level in levels_of(design, domain)) {
    part <- design[which(design$variables[[domain]] == level & !is.na(design$variables$hours)), ]
    # R warns that these may be wrong with the jackknife, of which they are not asked for.
    found <- svyquantile(
      ~hours, part, PROBABILITIES, interval.type = KINDS[[kind]], qrule = "math", df = df
    )$hours
    for (column in c("quantile", "ci.2.5", "ci.97.5", "se")) {
      rows[[length(rows) + 1]] <- numbers_of(
        paste(case, kind), column, "hours", domain, level, found[, column], PROBABILITIES
      )
    }
  }
  do.call(rbind, rows)
}
of_quantiles <- list()
for (case in names(made)) {
  kinds <- if (grepl("JK", case)) c("mean", "logit") else names(KINDS)
  of_quantiles[[case]] <- quantiles_of(case, made[[case]], kinds)
}
write_numbers(do.call(rbind, of_quantiles), file.path(folders[2], "replicate_quantiles_r.csv"))
