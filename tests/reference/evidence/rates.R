# Exact Poisson limits and quasi-Poisson dispersions by R's stats package.
#   Rscript rates.R OUTPUT-FOLDER
# Series of counts with a trend: reports to the CyberTipline 2019-2023, and made-up small ones.
out <- commandArgs(trailingOnly = TRUE)[1]
digits <- function(x) trimws(formatC(x, digits = 16, format = "g"))

# The mean on one side of the count at which the score statistic reaches the quantile squared.
score_limit <- function(count, phi, quantile, side) {
  excess <- function(mean) (count - mean)^2 - quantile^2 * phi * mean
  within <- if (side == "high") c(count + 1e-9, 2 * count + 2 * quantile^2 * phi) else c(0, count)
  if (within[1] == within[2]) return(0)
  uniroot(excess, within, tol = 1e-300, maxiter = 10000)$root
}

rows <- list()
for (count in c(0, 1, 2, 3, 5, 9, 10, 17, 50, 418, 1345, 46030, 3188793)) {
  for (level in c(0.90, 0.95, 0.99)) {
    limits <- poisson.test(count, conf.level = level)$conf.int
    rows[[length(rows) + 1]] <- data.frame(
      count = count, confidence = level, low = digits(limits[1]), high = digits(limits[2])
    )
  }
}
write.csv(do.call(rbind, rows), file.path(out, "poisson_r.csv"), row.names = FALSE, quote = FALSE)

series <- list(
  KEN = list(2019:2023, c(12788, 14434, 17983, 21745, 46030)),
  KHM = list(2019:2023, c(91458, 188328, 395793, 227955, 172906)),
  PHL = list(2019:2023, c(801272, 1339597, 3188793, 2576182, 2740905)),
  NAM = list(2019:2023, c(897, 789, 906, 1318, 1345)),
  ETH = list(2019:2023, c(15054, 17451, 6851, 11146, 9347)),
  three = list(2017:2019, c(4, 0, 7)),
  gap = list(c(2015, 2016, 2019, 2020), c(12, 25, 19, 60)),
  steep = list(2017:2020, c(1, 30, 400, 9000))
)
rows <- list()
for (name in names(series)) {
  year <- series[[name]][[1]]
  count <- series[[name]][[2]]
  # Fitted again from its own solution: the default tolerance stops some digits too early.
  fitted <- glm(count ~ year, family = quasipoisson)
  for (again in 1:3) fitted <- glm(count ~ year, family = quasipoisson, start = coef(fitted))
  phi <- max(1, summary(fitted)$dispersion)
  quantile <- qt(0.975, df.residual(fitted))
  rows[[length(rows) + 1]] <- data.frame(
    series = name, year = year, count = count, dispersion = digits(phi),
    low = digits(sapply(count, score_limit, phi, quantile, "low")),
    high = digits(sapply(count, score_limit, phi, quantile, "high"))
  )
}
write.csv(do.call(rbind, rows), file.path(out, "quasi_poisson_r.csv"), row.names = FALSE,
  quote = FALSE)
