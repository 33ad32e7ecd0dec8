# The chance that a planned cell is shown under the NCHS standard and a threshold of ten, and what
# shown figures are on average, written anew in R. Writes chances_r.csv.
#
#   Rscript --vanilla chances.R OUTPUT_FOLDER
folder <- commandArgs(trailingOnly = TRUE)[1]

# Korn-Graubard as in the macro of the NCHS: Clopper-Pearson on an adjusted effective sample size.
limits <- function(p, n, deff, df) {
  size <- pmin(n, n / deff * (qt(0.975, n - 1) / qt(0.975, df))^2)
  list(low = qbeta(0.025, p * size, (1 - p) * size + 1),
       high = qbeta(0.975, p * size + 1, (1 - p) * size))
}

# The number of yes answers as a mixture: a beta distributed chance, then a binomial number.
distribution <- function(n, p, deff) {
  y <- 0:n
  if (deff == 1) return(dbinom(y, n, p))
  rho <- (deff - 1) / (n - 1)
  a <- p * (1 - rho) / rho
  b <- (1 - p) * (1 - rho) / rho
  exp(lchoose(n, y) + lbeta(y + a, n - y + b) - lbeta(a, b))
}

found <- NULL
for (n in c(60, 160, 400, 1000)) for (deff in c(1, 1.6, 2.5)) for (df in c(20, 88)) {
  y <- 10:(n - 10)
  share <- y / n
  ends <- limits(share, n, deff, df)
  width <- ends$high - ends$low
  shown <- min(n, n / deff) >= 30 - 1e-9 & width < 0.30 & !(width > 0.05 & width / share > 1.30)
  for (p in c(0.005, 0.02, 0.05, 0.1, 0.3)) {
    chance <- distribution(n, p, deff)[y + 1] * shown
    total <- sum(chance)
    mean_shown <- sum(chance * share) / total
    coverage <- sum(chance * (ends$low <= p & p <= ends$high)) / total
    if (total < 1e-6) mean_shown <- coverage <- NA
    found <- rbind(found, data.frame(
      n = n, deff = deff, df = df, p = p, chance = sprintf("%.15g", total),
      mean_shown = sprintf("%.15g", mean_shown), coverage = sprintf("%.15g", coverage)
    ))
  }
}
write.csv(found, file.path(folder, "chances_r.csv"), row.names = FALSE, quote = FALSE)
