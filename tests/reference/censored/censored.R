# Means of log-normal shares of which some are known as bounds only, by survreg() of R's package
# survival.
#
#   Rscript censored.R FOLDER   writes censored_r.csv
library(survival)
folder <- commandArgs(trailingOnly = TRUE)[1]
set.seed(11)
rows <- NULL
for (case in 1:20) {
  share <- pmin(exp(rnorm(sample(6:30, 1), log(runif(1, 0.02, 0.3)), runif(1, 0.2, 0.8))), 0.95)
  share <- signif(share, 3)
  grid <- c(0.05, 0.1, 0.2, 0.3)
  kind <- sample(c("value", "bound"), length(share), replace = TRUE, prob = c(0.5, 0.5))
  kind[1:3] <- "value"
  low <- high <- share
  for (at in which(kind == "bound")) {
    above <- grid[grid > share[at]]
    if (length(above)) { low[at] <- 0; high[at] <- above[1] }
    else if (share[at] > 0.7) { low[at] <- 0.7; high[at] <- 1 }
  }
  # survreg() takes a missing lower end for censoring on the left.
  fit <- survreg(Surv(ifelse(low == 0, NA, low), high, type = "interval2") ~ 1,
                 dist = "lognormal", control = survreg.control(rel.tolerance = 1e-12, maxiter = 200))
  mean <- exp(coef(fit)[[1]] + fit$scale^2 / 2)
  rows <- rbind(rows, data.frame(case = case, low = low, high = high, mean = mean))
}
rows$mean <- format(rows$mean, digits = 15)
write.csv(rows, file.path(folder, "censored_r.csv"), row.names = FALSE, quote = FALSE)
