# Changes over waves from estimates alone: which pairs are compared, their parts of alpha, weighted
# Holm step by step, intervals of the error of each row, and ratios that agree with them.
#   Rscript waves.R OUTPUT-FOLDER
# Writes waves_input.csv (estimates by indicator and wave; none where it was not asked, nor where a
# break begins a new segment) and waves.csv.
output <- commandArgs(trailingOnly = TRUE)[1]
alpha <- 0.05
set.seed(20261130)

page <- function(case, waves, indicators) {
  rows <- expand.grid(wave = seq_len(waves), indicator = letters[seq_len(indicators)])
  start <- runif(indicators, 0.03, 0.4)
  moves <- matrix(rnorm(waves * indicators, 0, 0.05), waves)
  rows$p <- round(pmax(c(sweep(apply(moves, 2, cumsum), 2, start, "+")), 0.01), 5)
  rows$se <- round(sqrt(rows$p * (1 - rows$p) * 1.6 / 1000), 6)
  rows$df <- sample(20:90, nrow(rows), TRUE)
  rows$asked <- as.integer(runif(nrow(rows)) > 0.12)
  rows$breaks <- as.integer(runif(nrow(rows)) < 0.08 & rows$wave > 1)
  rows$hidden <- as.integer(runif(nrow(rows)) < 0.06)
  cbind(case, rows)
}
shape <- data.frame(case = 1:24, waves = rep(c(2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 5, 6), 2),
  indicators = rep(c(2, 5, 2, 5, 8, 8, 3, 5, 4, 5, 8, 6), 2))
input <- do.call(rbind, lapply(shape$case, function(k) with(shape[k, ], page(case, waves, indicators))))

# The pairs of one indicator with their parts: segments first, then halves.
pairs_of <- function(rows) {
  rows <- rows[rows$asked == 1, ]
  if (nrow(rows) < 2) return(NULL)
  segment <- cumsum(rows$breaks)
  found <- lapply(split(rows$wave, segment), function(w) {
    if (length(w) < 2) return(NULL)
    if (length(w) == 2) return(data.frame(from = w[1], to = w[2], part = 1))
    rbind(data.frame(from = head(w, -1), to = w[-1], part = 0.5 / (length(w) - 1)),
      data.frame(from = w[1], to = w[length(w)], part = 0.5))
  })
  found <- found[!vapply(found, is.null, TRUE)]
  if (!length(found)) return(NULL)
  found <- do.call(rbind, found)
  found$part <- found$part / sum(found$part)
  found
}

changes <- function(rows) {
  own <- lapply(split(rows, rows$indicator), function(r) {
    pairs <- pairs_of(r)
    if (is.null(pairs)) return(NULL)
    a <- r[match(pairs$from, r$wave), ]; b <- r[match(pairs$to, r$wave), ]
    hidden <- a$hidden == 1 | b$hidden == 1
    v1 <- a$se^2; v2 <- b$se^2
    d <- b$p - a$p; se <- sqrt(v1 + v2); df <- (v1 + v2)^2 / (v1^2 / a$df + v2^2 / b$df)
    r1 <- (a$se / a$p)^2; r2 <- (b$se / b$p)^2
    data.frame(case = r$case[1], indicator = r$indicator[1], wave_from = pairs$from,
      wave_to = pairs$to, part = pairs$part, hidden, difference = d, se, df,
      log_ratio = log(b$p / a$p), log_se = sqrt(r1 + r2),
      log_df = (r1 + r2)^2 / (r1^2 / a$df + r2^2 / b$df))
  })
  own <- do.call(rbind, own[!vapply(own, is.null, TRUE)])
  if (is.null(own)) return(NULL)
  w <- own$part / length(unique(own$indicator))
  p <- 2 * pt(-abs(own$difference / own$se), own$df)
  p[own$hidden] <- 1
  # Weighted Holm: the least p / w while it holds with its part of what is left.
  left <- seq_along(p); level <- rep(NA, length(p)); clear <- rep(FALSE, length(p))
  repeat {
    if (!length(left)) break
    least <- left[which.min(p[left] / w[left])]
    share <- alpha * w[left] / sum(w[left])
    if (p[least] > share[match(least, left)]) { level[left] <- share; break }
    level[least] <- share[match(least, left)]; clear[least] <- TRUE
    left <- setdiff(left, least)
  }
  order_of <- order(p / w); adjusted <- numeric(length(p))
  adjusted[order_of] <- pmin(cummax((p / w)[order_of] * rev(cumsum(rev(w[order_of])))), 1)
  reach <- qt(1 - level / 2, own$df) * own$se
  of_log <- qt(1 - level / 2, own$log_df) * own$log_se
  low <- own$log_ratio - of_log; high <- own$log_ratio + of_log
  # Against the verdict: the error of the difference over the logarithmic mean of the two.
  against <- (low > 0 | high < 0) != clear
  scale <- reach / (own$difference / own$log_ratio)
  low[against] <- (own$log_ratio - scale)[against]; high[against] <- (own$log_ratio + scale)[against]
  found <- data.frame(own[c("case", "indicator", "wave_from", "wave_to", "difference", "se", "df")],
    alpha_share = w, p_value = p, p_holm = adjusted, step_alpha = level, clear = as.integer(clear),
    ci_low = own$difference - reach, ci_high = own$difference + reach, ratio = exp(own$log_ratio),
    ratio_low = exp(low), ratio_high = exp(high), against = as.integer(against))
  stopifnot((found$ci_low > 0 | found$ci_high < 0) == clear | own$hidden,
    (found$ratio_low > 1 | found$ratio_high < 1) == clear | own$hidden)
  found[!own$hidden, ]
}
write <- function(table, name) {
  numbers <- vapply(table, is.double, TRUE)
  table[numbers] <- lapply(table[numbers], function(x) trimws(formatC(x, digits = 15, format = "g")))
  write.csv(table, file.path(output, name), row.names = FALSE, quote = FALSE)
}
write(input, "waves_input.csv")
found <- do.call(rbind, lapply(split(input, input$case), changes))
stopifnot(sum(found$clear) > 20, sum(found$against) > 0)
write(found, "waves.csv")
