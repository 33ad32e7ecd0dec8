# What R says about association, regression, missing answers and imputation: the reference numbers.
#   Rscript association.R FOLDER-OF-THIS-SCRIPT OUTPUT-FOLDER NHANES2.csv
# Writes numbers.csv (design, case, quantity, label, value) and apiclus1.csv, the cells of a table of
# the package's own sample. Nothing here is taken over from the Python package.
suppressMessages({
  library(survey)
  library(mitools)
})
folders <- commandArgs(trailingOnly = TRUE)

survey <- read.csv(file.path(folders[1], "..", "survey.csv"))
# survey 4.4 turns strata into numbers when it centres a lonely PSU, and silently loses text.
survey$stratum_number <- as.integer(factor(survey$stratum))
survey$place[survey$place == ""] <- NA
survey$row <- seq_len(nrow(survey))
lonely <- survey[!(survey$stratum == "west" & survey$psu == 2), ]

clustered <- function(data, ...) {
  svydesign(id = ~psu, strata = ~stratum_number, weights = ~weight, data = data, nest = TRUE, ...)
}
# R stops iterating at 1e-8 otherwise, and its covariance is that of the step before the last one.
# With this it goes on until the deviance repeats itself to the last bit, or says that it does not.
options(warn = -1)
TIGHT <- list(epsilon = 1e-30, maxit = 30)

numbers <- list()
record <- function(design, case, quantity, label, value) {
  numbers[[length(numbers) + 1]] <<- data.frame(
    design = design, case = case, quantity = quantity, label = as.character(label),
    value = as.numeric(value)
  )
}

# ---- tables ---------------------------------------------------------------------------------
# Rows without one of the answers leave the design first: svychisq counts their PSUs in the degrees
# of freedom although it does not use them.
wald_of_totals <- function(design, a, b, used = !is.na(a) & !is.na(b)) {
  a <- factor(a[used])
  b <- factor(b[used])
  # Cells in columns, the rows of the table running fastest; zero outside the table.
  cells <- matrix(0, nrow(design), nlevels(a) * nlevels(b))
  cells[cbind(which(used), as.integer(a) + nlevels(a) * (as.integer(b) - 1))] <- 1
  found <- svytotal(cells, design)
  total <- matrix(coef(found), nlevels(a))
  departure <- function(n) {
    n <- matrix(n, nlevels(a))
    (n - outer(rowSums(n), colSums(n)) / sum(n))[-1, -1]
  }
  row <- rowSums(total) / sum(total)
  column <- colSums(total) / sum(total)
  grid <- expand.grid(i = seq_along(row), j = seq_along(column))
  jacobian <- outer(seq_along(total), seq_along(total), Vectorize(function(x, y) {
    (x == y) - (grid$i[x] == grid$i[y]) * column[grid$j[x]] -
      (grid$j[x] == grid$j[y]) * row[grid$i[x]] + row[grid$i[x]] * column[grid$j[x]]
  }))[grid$i > 1 & grid$j > 1, , drop = FALSE]
  y <- as.vector(departure(total))
  drop(y %*% solve(jacobian %*% vcov(found) %*% t(jacobian), y)) / length(y)
}
table_tests <- function(name, case, design, rows, columns) {
  a <- design$variables[[rows]]
  b <- design$variables[[columns]]
  part <- design[!is.na(a) & !is.na(b), ]
  formula <- as.formula(paste0("~", rows, "+", columns))
  for (test in c("F", "Wald", "adjWald")) {
    found <- svychisq(formula, part, statistic = test)
    quantities <- c(found$statistic, found$parameter, found$p.value)
    if (name == "centre" && test != "F") {
      # With survey.lonely.psu = "adjust" a subset changes the mean over all PSUs, from which a
      # lonely one deviates, and with it the variance of a total: totals of the whole design.
      k <- found$parameter[1]
      quantities[1] <- wald_of_totals(design, a, b)
      if (test == "adjWald") quantities[1] <- quantities[1] * found$parameter[2] / degf(part)
      quantities[4] <- pf(quantities[1], k, found$parameter[2], lower.tail = FALSE)
    }
    record(name, case, test, c("statistic", "df1", "df2", "p_value"), quantities)
  }
  first <- svychisq(formula, part, statistic = "Chisq")
  # R prints Pearson's statistic without the correction beside the corrected p-value.
  corrected <- qchisq(first$p.value, first$parameter, lower.tail = FALSE)
  record(
    name, case, "Chisq", c("statistic", "df1", "p_value", "mean_deff"),
    c(corrected, first$parameter, first$p.value, first$statistic / corrected)
  )
}

# ---- t tests --------------------------------------------------------------------------------
record_t <- function(name, case, found) {
  interval <- as.numeric(found$conf.int)
  record(
    name, case, "t", c("estimate", "se", "ci_low", "ci_high", "t", "df", "p_value"),
    c(found$estimate, found$estimate / found$statistic, interval, found$statistic,
      found$parameter, found$p.value)
  )
}
t_tests <- function(name, design) {
  for (outcome in c("common", "hours", "unanswered")) {
    part <- design[!is.na(design$variables[[outcome]]), ]
    record_t(name, paste("mean", outcome), svyttest(reformulate("0", outcome), part))
    record_t(name, paste("sex", outcome), svyttest(reformulate("sex", outcome), part))
    girls <- subset(part, sex == "girl" & age != "14-15")
    record_t(name, paste("girls", outcome), svyttest(reformulate("age", outcome), girls))
  }
  both <- subset(design, !is.na(hours))
  record_t(name, "paired", svyttest(I(hours - common) ~ 0, both))
}

# ---- regression -----------------------------------------------------------------------------
record_fit <- function(name, case, fit) {
  table <- summary(fit)$coefficients
  terms <- rownames(table)
  limits <- confint(fit)
  columns <- c("estimate", "se", "t", "p_value")
  for (k in 1:4) record(name, case, columns[k], terms, table[, k])
  record(name, case, "ci_low", terms, limits[, 1])
  record(name, case, "ci_high", terms, limits[, 2])
  record(name, case, "df", "", fit$df.residual)
  covariance <- vcov(fit)
  for (k in seq_along(terms)) {
    record(name, case, "covariance", paste(terms[k], terms[1:k]), covariance[k, 1:k])
  }
  for (term in attr(terms(fit), "term.labels")) {
    test <- regTermTest(fit, term)
    record(name, case, "wald", paste(term, c("statistic", "df1", "df2", "p_value")),
           c(test$Ftest, test$df, test$ddf, test$p))
  }
}
regressions <- function(name, design) {
  fit <- function(formula, family, design) {
    svyglm(formula, design = design, family = family, control = TIGHT)
  }
  record_fit(name, "linear", fit(hours ~ sex + age, gaussian(), design))
  record_fit(name, "logistic", fit(common ~ sex + age + hours, quasibinomial(), design))
  record_fit(name, "poisson", fit(common ~ sex * age, quasipoisson(), design))
  record_fit(name, "girls", fit(common ~ age, quasibinomial(), subset(design, sex == "girl")))
  record_fit(name, "missing", fit(unanswered ~ sex + age, quasibinomial(), design))
}

# ---- predictive margins ---------------------------------------------------------------------
# svypredmeans adds the variance through the coefficients and that of the rows, without their
# covariance; the joint variance comes from the influence functions of the fit.
joint_variance <- function(design, fit, group) {
  influence <- attr(fit, "influence")
  data <- model.frame(design)
  w <- weights(design)
  scores <- sapply(levels(data[[group]]), function(level) {
    data[[group]] <- level
    side <- delete.response(terms(fit))
    x <- model.matrix(side, model.frame(side, data, xlev = fit$xlevels))
    eta <- drop(x %*% coef(fit))
    gradient <- colSums(w * fit$family$mu.eta(eta) * x) / sum(w)
    mu <- fit$family$linkinv(eta)
    w * (mu - weighted.mean(mu, w)) / sum(w) + drop(influence %*% gradient)
  })
  vcov(svytotal(scores / w, design))
}
margins <- function(name, design) {
  # svypredmeans takes factors only.
  design <- update(subset(design, !is.na(hours)), sex = factor(sex), age = factor(age))
  for (group in c("sex", "age")) {
    other <- setdiff(c("sex", "age"), group)
    adjust <- svyglm(
      reformulate(c(other, "hours"), "common"), design, family = quasibinomial(), control = TIGHT
    )
    found <- svypredmeans(adjust, reformulate(group))
    found_levels <- names(coef(found))
    sorted <- order(found_levels)
    levels <- found_levels[sorted]
    variance <- vcov(found)[sorted, sorted]
    coefficients <- attr(vcov(found), "parts")[[1]][sorted, sorted]
    full <- svyglm(
      reformulate(c(group, other, "hours"), "common"), design, family = quasibinomial(),
      control = TIGHT, influence = TRUE
    )
    joint <- joint_variance(design, full, group)
    case <- paste("margins", group)
    m <- coef(found)[sorted]
    record(name, case, "margin", levels, m)
    record(name, case, "df", "", full$df.residual)
    t <- qt(0.975, full$df.residual)
    kinds <- list(additive = variance, coefficients = coefficients, joint = joint)
    for (kind in names(kinds)) {
      v <- kinds[[kind]]
      record(name, case, paste("se", kind), levels, sqrt(diag(v)))
      for (k in 2:length(m)) {
        record(name, case, paste("covariance", kind), paste(levels[k], levels[1]), v[k, 1])
        difference <- m[k] - m[1]
        se <- sqrt(v[k, k] + v[1, 1] - 2 * v[k, 1])
        record(name, case, paste("difference", kind), paste(levels[k], c("estimate", "se", "low", "high")),
               c(difference, se, difference - t * se, difference + t * se))
        log_ratio <- log(m[k] / m[1])
        se <- sqrt(v[k, k] / m[k]^2 + v[1, 1] / m[1]^2 - 2 * v[k, 1] / (m[k] * m[1]))
        record(name, case, paste("ratio", kind), paste(levels[k], c("estimate", "se", "low", "high")),
               c(exp(log_ratio), se, exp(log_ratio - t * se), exp(log_ratio + t * se)))
      }
    }
  }
  poisson <- svyglm(common ~ age + sex + hours, design, family = quasipoisson(), control = TIGHT)
  limits <- exp(confint(poisson))
  record(name, "prevalence ratios", "ratio", paste(names(coef(poisson)), "estimate"), exp(coef(poisson)))
  record(name, "prevalence ratios", "ratio", paste(names(coef(poisson)), "low"), limits[, 1])
  record(name, "prevalence ratios", "ratio", paste(names(coef(poisson)), "high"), limits[, 2])
}

# ---- worst-case bounds ----------------------------------------------------------------------
# Everyone was asked except 12-13-year-olds in the north. Imbens & Manski's critical value c, with t
# in place of the normal distribution, becomes the confidence level of a Korn-Graubard interval.
korn_graubard <- function(p, se, n, df, tail) {
  size <- if (p < 1e-12 || p > 1 - 1e-12) n else {
    min(n, p * (1 - p) / se^2 * (qt(tail, n - 1) / qt(tail, df))^2)
  }
  c(if (p < 1e-12) 0 else qbeta(1 - tail, p * size, size - p * size + 1),
    if (p > 1 - 1e-12) 1 else qbeta(tail, p * size + 1, size - p * size))
}
bounds <- function(name, design) {
  asked <- !(design$variables$stratum == "north" & design$variables$age == "12-13")
  for (outcome in c("unanswered", "asked_of_some")) {
    for (domain in c("all", "girl", "boy")) {
      inside <- asked & (domain == "all" | design$variables$sex == domain)
      y <- design$variables[[outcome]]
      design$variables$low <- ifelse(is.na(y), 0, y)
      design$variables$high <- ifelse(is.na(y), 1, y)
      design$variables$valid <- as.numeric(!is.na(y))
      part <- design[inside, ]
      found <- svymean(~ low + high + valid, part)
      se <- as.numeric(SE(found))
      df <- degf(part)
      n <- sum(inside)
      width <- as.numeric(coef(found)[2] - coef(found)[1])
      excess <- function(c) pt(c + width / max(se[1:2]), df) - pt(-c, df) - 0.95
      critical <- uniroot(excess, c(0, 10), tol = 1e-15)$root
      tail <- pt(critical, df)
      limits <- c(korn_graubard(coef(found)[1], se[1], n, df, tail)[1],
                  korn_graubard(coef(found)[2], se[2], n, df, tail)[2])
      wide <- c(korn_graubard(coef(found)[1], se[1], n, df, 0.975)[1],
                korn_graubard(coef(found)[2], se[2], n, df, 0.975)[2])
      case <- paste("bounds", outcome, domain)
      record(name, case, "bounds",
             c("lower", "upper", "answered", "se_lower", "se_upper", "df", "n",
               "ci_low", "ci_high", "region_low", "region_high"),
             c(coef(found), se[1:2], df, n, limits, wide))
    }
  }
}

# ---- multiple imputation --------------------------------------------------------------------
# Five completed data sets by a plain rule, combined on the logit scale. mitools leaves the factor
# 1 + 1/m out of the observed-data degrees of freedom; Barnard & Rubin (1999) have it.
complete <- function(design, j) {
  y <- design$variables$unanswered
  filled <- as.numeric((design$variables$row + j) %% 3 == 0 | (design$variables$row * j) %% 7 == 1)
  design$variables$complete <- ifelse(is.na(y), filled, y)
  design
}
# The joint test of three coefficients, D1: Li, Raghunathan & Rubin (1991) with Reiter's (2007)
# degrees of freedom, from his equations.
pooled_test <- function(name, design, m) {
  fits <- lapply(1:m, function(j) {
    svyglm(complete ~ sex + age, complete(design, j), family = quasibinomial(), control = TIGHT)
  })
  q <- sapply(fits, function(fit) coef(fit)[-1])
  within <- Reduce(`+`, lapply(fits, function(fit) vcov(fit)[-1, -1])) / m
  mean <- rowMeans(q)
  k <- length(mean)
  r <- (1 + 1 / m) * sum(diag(cov(t(q)) %*% solve(within))) / k
  statistic <- drop(mean %*% solve(within) %*% mean) / (k * (1 + r))
  nu <- fits[[1]]$df.residual
  tau <- k * (m - 1)
  a <- r * tau / (tau - 2)
  star <- (nu + 1) / (nu + 3) * nu
  one <- star - 2 * (1 + a)
  two <- star - 4 * (1 + a)
  z <- 1 / two + (a^2 * one / ((1 + a)^2 * two) + 8 * a^2 * one / ((1 + a) * two^2) +
    4 * a^2 / ((1 + a) * two) + 4 * a^2 / (one * two) + 16 * a^2 * one / two^3 +
    8 * a^2 / two^2) / (tau - 4)
  df2 <- 4 + 1 / z
  record(name, "pooled test", "D1", c("statistic", "df1", "df2", "p_value"),
         c(statistic, k, df2, pf(statistic, k, df2, lower.tail = FALSE)))
}
imputation <- function(name, design) {
  m <- 5
  for (domain in c("all", "girl", "boy")) {
    inside <- domain == "all" | design$variables$sex == domain
    completed <- lapply(1:m, function(j) {
      part <- complete(design, j)[inside, ]
      mean <- svymean(~complete, part)
      p <- as.numeric(coef(mean))
      list(q = qlogis(p), u = as.numeric(vcov(mean)) / (p * (1 - p))^2, df = degf(part))
    })
    q <- sapply(completed, `[[`, "q")
    u <- sapply(completed, `[[`, "u")
    df_complete <- completed[[1]]$df
    within <- mean(u)
    between <- var(q)
    total <- within + (1 + 1 / m) * between
    lambda <- (1 + 1 / m) * between / total
    old <- (m - 1) / lambda^2
    observed <- (df_complete + 1) / (df_complete + 3) * df_complete * (1 - lambda)
    df <- 1 / (1 / old + 1 / observed)
    r <- (1 + 1 / m) * between / within
    half <- qt(0.975, df) * sqrt(total)
    p <- plogis(mean(q))
    by_package <- MIcombine(as.list(q), as.list(u))
    stopifnot(abs(coef(by_package) - mean(q)) < 1e-14, abs(vcov(by_package) - total) < 1e-14)
    record(
      name, paste("imputation", domain), "rubin",
      c("estimate", "se", "ci_low", "ci_high", "df", "missing_information", "logit", "se_logit"),
      c(p, p * (1 - p) * sqrt(total), plogis(mean(q) - half), plogis(mean(q) + half), df,
        (r + 2 / ((m - 1) * (1 + 1 / r)^2 + 3)) / (r + 1), mean(q), sqrt(total))
    )
  }
  pooled_test(name, design, m)
}

everything <- function(name, design) {
  table_tests(name, "sex by age", design, "sex", "age")
  table_tests(name, "common by age", design, "common", "age")
  table_tests(name, "asked_of_some by sex", design, "asked_of_some", "sex")
  table_tests(name, "unanswered by age", design, "unanswered", "age")
  table_tests(name, "girls common by age", subset(design, sex == "girl"), "common", "age")
  t_tests(name, design)
  regressions(name, design)
  margins(name, design)
  bounds(name, design)
  imputation(name, design)
}
everything("plain", clustered(survey))
everything("fpc", clustered(survey, fpc = ~psus))
survey$rows <- 3 * ave(survey$row, survey$stratum, survey$psu, FUN = length)
everything("two stages", svydesign(
  id = ~ psu + row, strata = ~stratum_number, weights = ~weight, fpc = ~ psus + rows,
  data = survey, nest = TRUE
))
everything("unclustered", svydesign(id = ~1, weights = ~weight, data = survey))
options(survey.lonely.psu = "adjust")
everything("centre", clustered(lonely))
options(survey.lonely.psu = "certainty")
everything("certainty", clustered(lonely))

# ---- the cells of a published table: schools by type and award, 15 districts, from the package ----
data(api)
districts <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc)
table_tests("apiclus1", "awards by type", districts, "sch.wide", "stype")
cells <- aggregate(pw ~ dnum + stype + sch.wide + fpc, data = apiclus1, FUN = sum)
cells <- cells[order(cells$dnum, cells$stype, cells$sch.wide), ]
write.csv(cells, file.path(folders[2], "apiclus1.csv"), row.names = FALSE, quote = FALSE)

# ---- NHANES II ------------------------------------------------------------------------------
nhanes2 <- read.csv(folders[3])
examined <- svydesign(id = ~psuid, strata = ~stratid, weights = ~finalwgt, data = nhanes2, nest = TRUE)
table_tests("nhanes2", "highbp by race", examined, "highbp", "race")
model <- highbp ~ factor(race) + zinc + diabetes
record_fit("nhanes2", "logistic", svyglm(model, examined, family = quasibinomial(), control = TIGHT))
record_fit("nhanes2", "poisson", svyglm(model, examined, family = quasipoisson(), control = TIGHT))

write.csv(
  do.call(rbind, numbers), file.path(folders[2], "numbers.csv"), row.names = FALSE, quote = FALSE,
  na = ""
)
