# Reference numbers for tests/reference/test_meta_r.py: random-effects pooling with the R package
# metafor (4.8-0; Viechtbauer 2010, Journal of Statistical Software 36(3)).
#
#   Rscript --vanilla meta.R FOLDER      writes meta_data.csv and meta_r.csv into FOLDER
#
# `rma` maximises the restricted likelihood from one starting value. `by_hand` maximises it without
# metafor, on a fine grid and then with `optimize`; the script stops where the two disagree.
suppressMessages(library(metafor))
folder <- commandArgs(trailingOnly = TRUE)[1]
set.seed(20261124, kind = "Mersenne-Twister", normal.kind = "Inversion",
         sample.kind = "Rejection")

# 13 trials of the BCG vaccine (Colditz et al. 1994, JAMA 271), log risk ratios.
bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
sets <- list(bcg = data.frame(y = as.numeric(bcg$yi), v = as.numeric(bcg$vi)))
# Log-odds of simulated prevalences: k countries, variance tau2 between them; `like` estimates
# differ less than their variances allow.
simulated <- function(k, tau2, shrink = 1) {
  v <- runif(k, 0.01, 0.12)
  data.frame(y = -2 + shrink * rnorm(k, sd = sqrt(tau2 + v)), v = v)
}
for (k in c(2, 3, 6, 14))
  for (tau2 in c(0, 0.09, 0.36))
    sets[[sprintf("k%d tau2 %g", k, tau2)]] <- simulated(k, tau2)
for (k in c(2, 5, 13)) sets[[sprintf("k%d like", k)]] <- simulated(k, 0, shrink = 0.2)
sets[["one large"]] <- data.frame(y = c(-2.1, -1.7, -2.4, -2.2), v = c(0.0004, 0.09, 0.2, 0.4))

by_hand <- function(y, v) {
  restricted <- function(tau2) {
    w <- 1 / (v + tau2)
    mu <- sum(w * y) / sum(w)
    (sum(log(w)) - log(sum(w)) - sum(w * (y - mu)^2)) / 2
  }
  grid <- c(0, exp(seq(log(1e-7), log(20), length.out = 4000)))
  top <- which.max(vapply(grid, restricted, numeric(1)))
  if (top == 1) return(0)
  optimize(restricted, grid[top + c(-1, 1)], maximum = TRUE, tol = 1e-12)$maximum
}

numbers <- function(name, y, v, without) {
  settings <- list(threshold = 1e-15, maxiter = 10000, stepadj = 0.5)
  fit <- function(test) rma(y, v, method = "REML", test = test, control = settings)
  knha <- fit("knha"); modified <- fit("adhoc"); wald <- fit("z")
  # metafor's likelihood has one maximum here; optimize is as good as the root of the precision.
  stopifnot(abs(by_hand(y, v) - knha$tau2) < 1e-5 * max(1, knha$tau2))
  k <- length(y)
  hts <- c(-1, 1) * qt(0.975, k - 2) * sqrt(wald$tau2 + wald$se^2)
  profile <- confint(knha, control = list(tol = 1e-14, maxiter = 100000, tau2.max = 10000))$random
  data.frame(
    set = name, without = without, k = k, tau2 = knha$tau2,
    tau2_low = profile["tau^2", "ci.lb"], tau2_high = profile["tau^2", "ci.ub"],
    estimate = as.numeric(knha$beta), i2 = knha$I2 / 100, q = knha$QE, q_p = knha$QEp,
    se_hk = knha$se, hk_low = knha$ci.lb, hk_high = knha$ci.ub,
    se_modified = modified$se, modified_low = modified$ci.lb, modified_high = modified$ci.ub,
    se_wald = wald$se, wald_low = wald$ci.lb, wald_high = wald$ci.ub,
    prediction_hk_low = predict(knha)$pi.lb, prediction_hk_high = predict(knha)$pi.ub,
    prediction_modified_low = predict(modified)$pi.lb,
    prediction_modified_high = predict(modified)$pi.ub,
    hts_low = as.numeric(wald$beta) + hts[1], hts_high = as.numeric(wald$beta) + hts[2])
}

found <- list()
for (name in names(sets)) {
  y <- sets[[name]]$y; v <- sets[[name]]$v
  found[[length(found) + 1]] <- numbers(name, y, v, 0)
  if (length(y) > 3)
    for (place in seq_along(y))
      found[[length(found) + 1]] <- numbers(name, y[-place], v[-place], place)
}
data <- do.call(rbind, lapply(names(sets), function(name) cbind(set = name, sets[[name]])))
options(digits = 17)
write_numbers <- function(table, path) {
  numeric <- vapply(table, is.numeric, TRUE)
  table[numeric] <- lapply(table[numeric], function(x) ifelse(is.finite(x), sprintf("%.17g", x), ""))
  write.csv(table, path, row.names = FALSE, quote = FALSE)
}
write_numbers(data, file.path(folder, "meta_data.csv"))
write_numbers(do.call(rbind, found), file.path(folder, "meta_r.csv"))
