# Silence that a claim stands up to, and rank sets with a margin, in base R.
#   Rscript silence.R OUTPUT-FOLDER
# Writes silence_countries.csv: made-up countries; silence_pairs.csv: tipping points of their pairs;
# silence_ranks.csv: their ranks with silence up to each share; and silence_until.csv: the largest
# share with which one country alone may be first, or last.
folder <- commandArgs(trailingOnly = TRUE)[1]
ALPHA <- 0.05
write <- function(table, name) {
  numbers <- sapply(table, is.numeric)
  table[numbers] <- lapply(table[numbers], function(x) vapply(x, format, "", digits = 15))
  write.csv(table, file.path(folder, name), row.names = FALSE, quote = FALSE)
}

countries <- rbind(
  data.frame(set = "spread", country = LETTERS[1:7],
             p = c(0.05, 0.07, 0.11, 0.12, 0.18, 0.25, 0.42),
             se = c(0.008, 0.01, 0.011, 0.012, 0.014, 0.018, 0.02),
             df = c(88, 61, 40, 88, 75, 30, 88)),
  data.frame(set = "tied", country = LETTERS[1:5], p = c(0.1, 0.11, 0.12, 0.11, 0.1),
             se = c(0.01, 0.011, 0.012, 0.01, 0.009), df = c(88, 80, 90, 12, 50)),
  data.frame(set = "two", country = c("A", "B"), p = c(0.2, 0.12), se = c(0.015, 0.012), df = 88),
  data.frame(set = "one_above", country = LETTERS[1:4], p = c(0.3, 0.1, 0.09, 0.11),
             se = c(0.02, 0.012, 0.011, 0.02), df = c(88, 44, 88, 20)),
  # The difference is clear, and the usual limits of the ratio hold 1; then the other way round.
  data.frame(set = "against", country = c("A", "B"), p = c(0.02, 0.05), se = c(0.009, 0.011),
             df = 88),
  data.frame(set = "against_2", country = c("A", "B"), p = c(0.1, 0.07), se = c(0.0139, 0.0065),
             df = 88)
)
write(countries, "silence_countries.csv")

welch <- function(v, df) sum(v)^2 / sum(v^2 / df)
# Claims: Holm's method on differences decides; the k-th smallest of m P values has level
# alpha / (m - k + 1) while it is clear, all others the level of the step that stops. This level is
# the one of the limits of the ratio, unless these contradict the verdict: then the limits of the
# difference are divided by the logarithmic mean of the two.
claims <- function(own) {
  at <- combn(nrow(own), 2)
  rows <- lapply(seq_len(ncol(at)), function(k) {
    a <- own[at[1, k], ]
    b <- own[at[2, k], ]
    v <- c(a$se, b$se)^2
    relative <- c(a$se / a$p, b$se / b$p)^2
    df <- welch(v, c(a$df, b$df))
    data.frame(
      set = a$set, country_a = a$country, country_b = b$country,
      p_value = 2 * pt(-abs(a$p - b$p) / sqrt(sum(v)), df), difference = abs(a$p - b$p),
      se = sqrt(sum(v)), df,
      above = ifelse(a$p > b$p, "a", "b"), log_ratio = abs(log(a$p) - log(b$p)),
      log_se = sqrt(sum(relative)), log_df = welch(relative, c(a$df, b$df))
    )
  })
  rows <- do.call(rbind, rows)
  rows$clear <- p.adjust(rows$p_value, "holm") <= ALPHA
  steps <- nrow(rows) - rank(rows$p_value, ties.method = "first") + 1
  rows$level <- ALPHA / ifelse(rows$clear, steps, sum(!rows$clear))
  t <- function(df) qt(1 - rows$level / 2, df)
  low <- rows$log_ratio - t(rows$log_df) * rows$log_se
  high <- rows$log_ratio + t(rows$log_df) * rows$log_se
  mean <- rows$difference / rows$log_ratio
  against <- (low > 0) != rows$clear
  spread <- t(rows$df) * rows$se / mean
  rows$ratio_low <- exp(ifelse(against, rows$log_ratio - spread, low))
  rows$ratio_high <- exp(ifelse(against, rows$log_ratio + spread, high))
  stopifnot((rows$ratio_low > 1) == rows$clear)
  rows$claim_goes <- 1 - exp(-pmax(log(rows$ratio_low), 0))
  rows$order_turns <- 1 - exp(-rows$log_ratio)
  rows
}
write(do.call(rbind, lapply(split(countries, countries$set), claims)), "silence_pairs.csv")

# Ranks: Holm's method over all ordered pairs, "i is above j by more than the margin".
ranks <- function(own, silence) {
  pairs <- subset(expand.grid(i = seq_len(nrow(own)), j = seq_len(nrow(own))), i != j)
  relative <- (own$se / own$p)^2
  p_value <- mapply(function(i, j) {
    difference <- log(own$p[i]) - log(own$p[j]) + log(1 - silence)
    df <- welch(relative[c(i, j)], own$df[c(i, j)])
    pt(difference / sqrt(relative[i] + relative[j]), df, lower.tail = FALSE)
  }, pairs$i, pairs$j)
  clear <- pairs[p.adjust(p_value, "holm") < ALPHA, ]
  data.frame(
    set = own$set, country = own$country, silence = silence,
    rank_low = 1 + tabulate(clear$j, nrow(own)),
    rank_high = nrow(own) - tabulate(clear$i, nrow(own))
  )
}
tables <- lapply(split(countries, countries$set), function(own) {
  do.call(rbind, lapply(c(0, 0.1, 0.2, 0.3, 0.5), function(silence) ranks(own, silence)))
})
write(do.call(rbind, tables), "silence_ranks.csv")

# The largest share with which one is alone, by R's own search for the place of a step.
until <- function(own, alone) {
  found <- function(silence) which(alone(ranks(own, silence), nrow(own)))
  first <- found(0)
  if (length(first) != 1) return(data.frame(set = own$set[1], country = "", share = NA))
  step <- function(silence) ifelse(length(found(silence)) == 1, 1, -1)
  root <- uniroot(step, c(0, 1 - min(own$p) / max(own$p)), tol = 1e-13, maxiter = 200)
  data.frame(set = own$set[1], country = own$country[first], share = root$root)
}
ends <- list(
  highest = function(table, size) table$rank_low == 1,
  lowest = function(table, size) table$rank_high == size
)
rows <- lapply(names(ends), function(end) {
  own <- do.call(rbind, lapply(split(countries, countries$set), until, ends[[end]]))
  cbind(end = end, own)
})
write(do.call(rbind, rows), "silence_until.csv")
