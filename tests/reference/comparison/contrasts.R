# Tests of pairs and their corrections by R: t.test (Welch), p.adjust, ptukey.
#   Rscript contrasts.R OUTPUT-FOLDER
# Writes welch.csv (pairs of samples), corrections.csv (families of p values) and tukey.csv (critical
# values of all pairs of estimates with equal errors).
output <- commandArgs(trailingOnly = TRUE)[1]
save <- function(table, name) {
  numeric <- vapply(table, is.numeric, TRUE)
  table[numeric] <- lapply(table[numeric], function(x) trimws(formatC(x, digits = 17, format = "g")))
  table[] <- lapply(table, function(x) ifelse(x == "NA", "", x))
  write.csv(table, file.path(output, name), row.names = FALSE, quote = FALSE)
}
set.seed(20261124)

# Means of independent samples: what Satterthwaite's degrees of freedom were made for.
welch <- do.call(rbind, lapply(seq_len(40), function(case) {
  n <- sample(4:60, 2)
  a <- round(rnorm(n[1], 10, runif(1, 0.5, 4)), 6)
  b <- round(rnorm(n[2], 10 + runif(1, -3, 3), runif(1, 0.5, 4)), 6)
  level <- c(0.90, 0.95, 0.99)[case %% 3 + 1]
  found <- t.test(a, b, conf.level = level)
  data.frame(
    estimate_a = mean(a), se_a = sd(a) / sqrt(n[1]), df_a = n[1] - 1,
    estimate_b = mean(b), se_b = sd(b) / sqrt(n[2]), df_b = n[2] - 1, confidence = level,
    df = found$parameter, ci_low = found$conf.int[1], ci_high = found$conf.int[2],
    p_value = found$p.value
  )
}))
save(welch, "welch.csv")

# Families with ties, missing tests, very small and certain p values.
families <- list(
  signif(rbeta(91, 0.3, 2), 8), signif(runif(91), 8), signif(10^-runif(14, 0, 12), 8),
  c(0.01, 0.01, 0.02, 0.02, 0.02, 1, 1), c(0.04, NA, 0.001, NA, 0.03), 0.2,
  round(runif(50), 1), c(1e-300, 1e-20, 0.5)
)
adjusted <- do.call(rbind, lapply(seq_along(families), function(family) {
  p <- families[[family]]
  data.frame(
    family = family, p_value = p, p_holm = p.adjust(p, "holm"), p_bh = p.adjust(p, "BH")
  )
}))
save(adjusted, "corrections.csv")

tukey <- expand.grid(countries = c(2, 3, 5, 8, 14), alpha = c(0.01, 0.05, 0.1))
tukey$critical <- qtukey(1 - tukey$alpha, tukey$countries, Inf) / sqrt(2)
save(tukey, "tukey.csv")
