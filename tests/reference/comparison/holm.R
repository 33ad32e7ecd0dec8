# Weighted Holm by hand, step by step: verdicts, the error of each row, and intervals of that error.
#   Rscript holm.R OUTPUT-FOLDER
# Writes holm_rows.csv: families of differences with their weights.
output <- commandArgs(trailingOnly = TRUE)[1]
set.seed(20261130)

# Holm (1979) with weights: of the tests not yet clear, is the one with the least p / w below its
# share of alpha? If so it is clear and leaves; if not nothing more is clear.
by_steps <- function(p, w, alpha) {
  left <- which(!is.na(p))
  level <- adjusted <- rep(NA_real_, length(p)); clear <- rep(FALSE, length(p))
  largest <- 0; going <- TRUE
  while (length(left)) {
    next_one <- left[which.min(p[left] / w[left])]
    total <- sum(w[left])
    largest <- max(largest, p[next_one] * total / w[next_one])
    adjusted[next_one] <- min(largest, 1)
    going <- going && p[next_one] <= alpha * w[next_one] / total
    if (going) {
      clear[next_one] <- TRUE
      level[next_one] <- alpha * w[next_one] / total
    } else if (all(is.na(level[left]))) {
      level[left] <- alpha * w[left] / total
    }
    left <- setdiff(left, next_one)
  }
  data.frame(p_adjusted = adjusted, level, clear)
}

family <- function(number, m, alpha, effect, weights) {
  difference <- rnorm(m, effect, 1) / 40
  se <- runif(m, 0.6, 1.4) / 40
  df <- sample(8:200, m, replace = TRUE)
  w <- switch(weights, same = rep(1, m), steps = rep(c(0.25, 0.25, 0.5), length.out = m) / m,
    any = runif(m, 0.1, 3))
  p <- 2 * pt(-abs(difference / se), df)
  if (number %% 3 == 0) p[sample(m, 1)] <- NA
  found <- by_steps(p, w, alpha)
  # Without weights it is R's own.
  if (weights == "same") stopifnot(all.equal(found$p_adjusted, p.adjust(p, "holm")))
  reach <- qt(1 - found$level / 2, df) * se
  data.frame(family = number, alpha, weight = w, difference, se, df, p_value = p, found,
    ci_low = difference - reach, ci_high = difference + reach)
}
cases <- expand.grid(m = c(1, 2, 5, 14, 30), alpha = c(0.01, 0.05, 0.2), effect = c(0, 2, 4),
  weights = c("same", "steps", "any"), stringsAsFactors = FALSE)
rows <- do.call(rbind, lapply(seq_len(nrow(cases)), function(number)
  with(cases[number, ], family(number, m, alpha, effect, weights))))
rows <- rows[rows$family %% 2 == 0 | rows$weight != 1, ]
clear <- rows$clear
stopifnot(all((rows$ci_low > 0 | rows$ci_high < 0) == clear | is.na(rows$p_value)))
rows$clear <- as.integer(clear)
rows[] <- lapply(rows, function(x) ifelse(is.na(x), "", trimws(formatC(x, digits = 15, format = "g"))))
write.csv(rows, file.path(output, "holm_rows.csv"), row.names = FALSE, quote = FALSE)
