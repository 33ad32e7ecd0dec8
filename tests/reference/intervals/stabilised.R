# The Korn-Graubard interval with a stabilised design effect, from R's svymean and base R.
#   Rscript stabilised.R SURVEY.CSV OUTPUT-FOLDER
# Nothing here is taken over from the Python package.
arguments <- commandArgs(trailingOnly = TRUE)
suppressMessages(library(survey))
data <- read.csv(arguments[1])
data$total <- "all"
data$cluster <- paste(data$stratum, data$psu)
design <- svydesign(~cluster, strata = ~stratum, weights = ~weight, data = data)

limits <- function(answer, domain, level, confidence) {
  used <- which(data[[domain]] == level & !is.na(data[[answer]]) & data$weight > 0)
  part <- design[used, ]
  rows <- data[used, ]
  found <- svymean(reformulate(answer), part)
  p <- as.numeric(coef(found))
  se <- as.numeric(SE(found))
  n <- nrow(rows)
  df <- length(unique(rows$cluster)) - length(unique(rows$stratum))
  kish <- n * sum(rows$weight^2) / sum(rows$weight)^2
  size <- sum(tapply(rows$weight, rows$cluster, sum)^2) / sum(rows$weight^2)
  expected <- kish * (1 + max(size - 1, 0) * 0.1)
  with_yes <- length(unique(rows$cluster[rows[[answer]] == 1]))
  with_no <- length(unique(rows$cluster[rows[[answer]] == 0]))
  k <- min(with_yes, with_no)
  tail <- 1 - (1 - confidence) / 2
  edge <- p < 1e-12 || p > 1 - 1e-12
  deff <- if (edge) expected else se^2 * n / (p * (1 - p))
  taken <- max(deff, (k * deff + 8 * expected) / (k + 8))
  ratio <- if (edge) 1 else (qt(tail, n - 1) / qt(tail, df))^2
  m <- min(n, n / taken * ratio)
  x <- p * m
  data.frame(
    indicator = answer, domain, level, confidence, p, se, n, df, expected, psus = k,
    low = if (p < 1e-12) 0 else qbeta(1 - tail, x, m - x + 1),
    high = if (p > 1 - 1e-12) 1 else qbeta(tail, x + 1, m - x)
  )
}
rows <- list()
for (answer in c("common", "rare", "never", "always", "asked_of_some")) {
  for (domain in c("total", "sex", "age")) for (level in sort(unique(data[[domain]]))) {
    if (level == "") next
    for (confidence in c(0.95, 0.9)) {
      rows[[length(rows) + 1]] <- limits(answer, domain, level, confidence)
    }
  }
}
found <- do.call(rbind, rows)
for (name in names(found)) if (is.double(found[[name]])) {
  found[[name]] <- sprintf("%.17g", found[[name]])
}
write.csv(found, file.path(arguments[2], "stabilised_r.csv"), row.names = FALSE, quote = FALSE)
