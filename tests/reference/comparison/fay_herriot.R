# A Fay-Herriot model of log-odds with smoothed variances, benchmarked, in base R.
#   Rscript fay_herriot.R OUTPUT-FOLDER
# Writes its invented groups and countries, and what the model makes of them. Nothing here is taken
# over from the Python package; no package of R is used.
folder <- commandArgs(trailingOnly = TRUE)[1]
set.seed(19)
countries <- sprintf("C%02d", 1:12)
levels <- c("boy|12-13", "boy|16-17", "girl|12-13", "girl|16-17")

make <- function(case, tau, centre) {
  of_country <- rnorm(length(countries), centre, 0.6)
  groups <- expand.grid(level = levels, country = countries, stringsAsFactors = FALSE)
  truth <- plogis(of_country[match(groups$country, countries)] +
    c(-0.2, 0.1, 0, 0.5)[match(groups$level, levels)] + rnorm(nrow(groups), 0, tau))
  groups$n <- sample(90:240, nrow(groups), TRUE)
  yes <- rbinom(nrow(groups), groups$n, truth)
  groups$estimate <- round(yes / groups$n, 6)
  groups$se <- round(sqrt(1.6 * groups$estimate * (1 - groups$estimate) / groups$n), 6)
  groups$population <- round(groups$n * runif(nrow(groups), 80, 120), 1)
  cbind(case = case, groups)
}
# Groups that differ, groups that do not (the variance between them is zero), and rare answers.
cells <- rbind(make("apart", 0.5, -1.5), make("alike", 0, -1), make("rare", 0.3, -4))
nation <- do.call(rbind, lapply(split(cells, list(cells$case, cells$country)), function(own) {
  p <- round(sum(own$population * own$estimate) / sum(own$population) + 0.002, 6)
  n <- sum(own$n)
  data.frame(case = own$case[1], country = own$country[1], n = n, estimate = p,
             se = round(sqrt(1.6 * p * (1 - p) / n), 6))
}))

model <- function(case) {
  own <- cells[cells$case == case, ]
  from <- nation[nation$case == case, ]
  from <- from[match(own$country, from$country), ]
  known <- own$se > 0
  deff <- max(1, sum(own$se[known]^2) / sum((own$estimate * (1 - own$estimate) / own$n)[known]))
  n <- own$n / deff
  y <- qlogis((own$estimate * n + 0.5) / (n + 1))
  nat <- (from$estimate * from$n + 0.5) / (from$n + 1)
  X <- cbind(sapply(sort(levels), function(l) as.numeric(own$level == l)), qlogis(nat))
  mu <- plogis(drop(X %*% solve(crossprod(X), crossprod(X, y))))
  v <- 1 / (n * mu * (1 - mu))
  # Restricted likelihood: zero of its slope, or the boundary where it falls from there on.
  slope <- function(t) {
    W <- diag(1 / (t + v))
    P <- W - W %*% X %*% solve(t(X) %*% W %*% X, t(X) %*% W)
    drop(t(y) %*% P %*% P %*% y) - sum(diag(P))
  }
  tau2 <- if (slope(0) <= 0) 0 else uniroot(slope, c(0, 50), tol = 1e-15, maxiter = 1e4)$root
  w <- 1 / (tau2 + v)
  cov <- solve(t(X) %*% (X * w))
  beta <- drop(cov %*% (t(X) %*% (w * y)))
  gamma <- tau2 * w
  theta <- gamma * y + (1 - gamma) * drop(X %*% beta)
  error_of_x <- (from$se / (nat * (1 - nat)))^2
  mse <- gamma * v + (1 - gamma)^2 * rowSums((X %*% cov) * X) +
    2 * v^2 * w^3 * 2 / sum(w^2) + (1 - gamma)^2 * beta[length(beta)]^2 * error_of_x
  shift <- numeric(nrow(own))
  for (country in countries) {
    rows <- own$country == country
    share <- own$population[rows] / sum(own$population[rows])
    target <- from$estimate[rows][1]
    shift[rows] <- uniroot(function(a) sum(share * plogis(theta[rows] + a)) - target,
                           c(-20, 20), tol = 1e-15, maxiter = 1e4)$root
  }
  centre <- theta + shift
  half <- qnorm(0.975) * sqrt(mse)
  data.frame(case, level = own$level, country = own$country, own_share = gamma,
             model_estimate = plogis(centre), model_low = plogis(centre - half),
             model_high = plogis(centre + half), shift, tau2, deff)
}
found <- do.call(rbind, lapply(unique(cells$case), model))
digits <- function(table) {
  for (name in names(table)) if (is.double(table[[name]])) {
    table[[name]] <- sprintf("%.15g", table[[name]])
  }
  table
}
write <- function(table, name)
  write.csv(digits(table), file.path(folder, name), row.names = FALSE, quote = FALSE)
write(cells, "fay_herriot_groups.csv")
write(nation, "fay_herriot_nations.csv")
write(found, "fay_herriot_r.csv")
