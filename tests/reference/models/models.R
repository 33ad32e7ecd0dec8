# Reference numbers of regression models by R and its package `survey`:
#
#   Rscript models.R FOLDER_OF_DATA FOLDER_OF_RESULTS
#
# sample.csv is a made-up sample of 124 children in 8 strata of 2 PSUs. svyglm stops where the
# deviance changes little, which leaves 1e-7 of a probit or complementary log-log coefficient; here
# it goes on until nothing moves. svyolr stops as early, and takes
# its second derivatives by coarse differences; its coefficients are taken as a start, and Newton's
# method goes on from there with derivatives by Richardson extrapolation (package numDeriv).
suppressMessages({
  library(survey)
  library(numDeriv)
})
folders <- commandArgs(trailingOnly = TRUE)
numbers <- list()
record <- function(case, quantity, label, estimate, se = NA, df = NA) {
  numbers[[length(numbers) + 1]] <<- data.frame(
    case, quantity, label,
    estimate = sprintf("%.17g", as.numeric(estimate)), se = sprintf("%.17g", as.numeric(se)),
    df = as.numeric(df)
  )
}
children <- read.csv(file.path(folders[1], "sample.csv"))
children$sex <- factor(ifelse(children$girl == 1, "girl", "boy"))
children$age <- factor(children$age)
children$often <- factor(children$often, ordered = TRUE)
children$whom <- factor(children$whom)
design <- svydesign(id = ~psu, strata = ~st, weights = ~w, data = children)
grid <- data.frame(
  sex = factor(c("boy", "girl", "girl")), age = factor(c("a12", "a14", "a16")), hours = c(1, 3.5, 8)
)

# Every call takes at least one step more, until no coefficient moves.
options(warn = -1)
TIGHT <- list(epsilon = 1e-30, maxit = 30)
fit_exactly <- function(formula, family, design) {
  fit <- svyglm(formula, design = design, family = family, control = TIGHT)
  for (round in 1:100) {
    START <<- coef(fit)
    fit <- svyglm(formula, design = design, family = family, control = TIGHT, start = START)
    if (max(abs(coef(fit) - START)) < 1e-15) break
  }
  fit
}
# Variance of weighted sums over the children of `rows`, others counting zero.
variance_of <- function(influence, rows = rep(TRUE, nrow(children))) {
  all_rows <- matrix(0, nrow(children), ncol(influence))
  all_rows[rows, ] <- influence
  vcov(svytotal(all_rows / children$w, design))
}

# ---- generalised linear models --------------------------------------------------------------
families <- list(
  linear = gaussian(), logistic = quasibinomial(), probit = quasibinomial("probit"),
  cloglog = quasibinomial("cloglog"), poisson = quasipoisson()
)
for (name in names(families)) {
  family <- families[[name]]
  fit <- fit_exactly(
    switch(name, linear = hours ~ sex + age + visits, poisson = visits ~ sex + age + offset(log(hours + 1)),
           y ~ sex + age + hours),
    family, design
  )
  b <- coef(fit)
  v <- vcov(fit)
  record(name, "coefficient", names(b), b, sqrt(diag(v)), fit$df.residual)
  test <- regTermTest(fit, ~age)
  record(name, "wald age", c("statistic", "p_value"), c(test$Ftest, test$p), NA, test$ddf)
  if (name == "linear") next
  for (type in c("link", "response")) {
    # predict() of svyglm leaves offsets out.
    if (name == "poisson") next
    p <- predict(fit, grid, type = type)
    record(name, paste("predict", type), 1:3, coef(p), SE(p), fit$df.residual)
  }
  data <- model.frame(design)[rownames(model.frame(fit)), ]
  share <- weights(design)[as.integer(rownames(data))]
  share <- share / sum(share)
  # The average prediction with some variables set, by definition, and its derivatives.
  average <- function(b, ...) {
    values <- list(...)
    data[names(values)] <- values
    x <- model.matrix(delete.response(terms(fit)), data, xlev = fit$xlevels)
    eta <- drop(x %*% b)
    if (name == "poisson") eta <- eta + log(data$hours + 1)
    sum(share * family$linkinv(eta))
  }
  delta <- function(quantity, label, f) {
    gradient <- grad(f, b)
    record(name, quantity, label, f(b), sqrt(drop(gradient %*% v %*% gradient)), fit$df.residual)
  }
  delta("margin", "all", function(b) average(b))
  for (sex in c("boy", "girl")) delta("margin", sex, function(b) average(b, sex = sex))
  for (hours in c(1, 3.5, 8)) {
    delta("margin", paste0("hours=", hours), function(b) average(b, hours = hours))
    delta("margin", paste0("girl hours=", hours), function(b) average(b, hours = hours, sex = "girl"))
  }
  delta("difference", "girl", function(b) average(b, sex = "girl") - average(b, sex = "boy"))
  delta("log ratio", "girl", function(b) log(average(b, sex = "girl") / average(b, sex = "boy")))
  # The offset of the Poisson model rises by 1 / (hours + 1).
  delta("slope", "hours", function(b) {
    eta <- drop(model.matrix(fit) %*% b) + if (name == "poisson") log(data$hours + 1) else 0
    sum(share * family$mu.eta(eta) * if (name == "poisson") 1 / (data$hours + 1) else b["hours"])
  })
  if (name == "logistic") {
    adjust <- svyglm(y ~ age + hours, design, family = quasibinomial(), control = TIGHT)
    means <- svypredmeans(adjust, ~sex)
    record(name, "svypredmeans", names(coef(means)), coef(means), SE(means))
  }
}
# Terms that formulas may hold.
formulas <- list(
  powers = y ~ sex * hours + I(hours^2), polynomial = y ~ poly(hours, 3) + age,
  logarithm = y ~ log(hours + 1) + relevel(age, "a16")
)
for (name in names(formulas)) {
  fit <- fit_exactly(formulas[[name]], quasibinomial(), design)
  record(name, "coefficient", seq_along(coef(fit)), coef(fit), sqrt(diag(vcov(fit))), fit$df.residual)
}

# ---- ordinal models -------------------------------------------------------------------------
x <- model.matrix(~ sex + age + hours, children)[, -1]
lower <- function(zeta, y) c(-Inf, zeta)[y]
upper <- function(zeta, y) c(zeta, Inf)[y]
distributions <- list(
  logit = list(p = plogis, d = dlogis),
  probit = list(p = pnorm, d = dnorm),
  loglog = list(p = function(q) exp(-exp(-q)), d = function(q) ifelse(is.finite(q), exp(-q - exp(-q)), 0)),
  cloglog = list(p = function(q) 1 - exp(-exp(q)), d = function(q) ifelse(is.finite(q), exp(q - exp(q)), 0))
)
y <- as.integer(children$often)
# Standard errors of the jackknife, each replicate fitted by `solve_scores` until nothing moves; R's
# own refits stop where the deviance changes little.
jackknife <- as.svrepdesign(design, type = "JKn")
record_replicated <- function(case, labels, theta, solve_scores) {
  thetas <- t(apply(weights(jackknife, "analysis"), 2, solve_scores))
  for (mse in c(FALSE, TRUE)) {
    v <- svrVar(thetas, jackknife$scale, jackknife$rscales, mse = mse, coef = theta)
    record(case, if (mse) "jackknife mse" else "jackknife", labels, theta, sqrt(diag(v)))
  }
}
newton <- function(scores, theta, w) {
  total <- function(theta) colSums(w * scores(theta))
  for (round in 1:50) {
    step <- solve(jacobian(total, theta), total(theta))
    theta <- theta - step
    if (max(abs(step)) < 1e-13) break
  }
  theta
}
for (name in c("probit", "cloglog")) {
  used <- !is.na(children$y)
  columns <- model.matrix(~ sex + age + hours, children)[used, ]
  refit <- function(w, start) {
    for (round in 1:200) {
      fit <- suppressWarnings(glm.fit(columns, children$y[used], w[used], start = start,
                                      family = quasibinomial(name), control = TIGHT))
      if (max(abs(coef(fit) - start)) < 1e-15) break
      start <- coef(fit)
    }
    coef(fit)
  }
  whole <- coef(fit_exactly(y ~ sex + age + hours, quasibinomial(name), design))
  record_replicated(name, names(whole), whole, function(w) refit(w, whole))
}
ordinal_scores <- function(theta, f) {
  eta <- drop(x %*% theta[1:ncol(x)])
  zeta <- theta[-(1:ncol(x))]
  u <- upper(zeta, y) - eta
  l <- lower(zeta, y) - eta
  share <- f$p(u) - f$p(l)
  to_zeta <- sapply(seq_along(zeta), function(k) f$d(u) * (y == k) - f$d(l) * (y == k + 1))
  cbind(-x * (f$d(u) - f$d(l)), to_zeta) / share
}
for (link in names(distributions)) {
  f <- distributions[[link]]
  if (link == "cloglog") {
    # The largest of reversed answers is the least of the answers.
    reversed <- update(design, often = factor(often, levels = rev(levels(often)), ordered = TRUE))
    fit <- svyolr(often ~ sex + age + hours, reversed, method = "cloglog")
    start <- c(-fit$coefficients, rev(-fit$zeta))
  } else {
    method <- c(logit = "logistic", probit = "probit", loglog = "cloglog")[[link]]
    fit <- svyolr(often ~ sex + age + hours, design, method = method)
    start <- c(fit$coefficients, fit$zeta)
  }
  scores <- function(theta) ordinal_scores(theta, f)
  total <- function(theta) colSums(children$w * scores(theta))
  theta <- newton(scores, start, children$w)
  stopifnot(max(abs(theta - start)) < 1e-3)
  influence <- (children$w * ordinal_scores(theta, f)) %*% solve(-jacobian(total, theta))
  names(theta) <- c(colnames(x), paste(head(levels(children$often), -1), levels(children$often)[-1], sep = "|"))
  record(link, "ordinal", names(theta), theta, sqrt(diag(variance_of(influence))), fit$df.residual)
  record_replicated(paste("ordinal", link), names(theta), theta, function(w) newton(scores, theta, w))
  shares <- function(theta, x) {
    eta <- drop(x %*% theta[1:ncol(x)])
    zeta <- theta[-(1:ncol(x))]
    sapply(1:4, function(k) f$p(upper(zeta, k) - eta) - f$p(lower(zeta, k) - eta))
  }
  v <- variance_of(influence)
  share <- children$w / sum(children$w)
  for (k in 1:4) {
    value <- function(theta) sum(share * shares(theta, x)[, k])
    gradient <- grad(value, theta)
    record(link, "ordinal share", levels(children$often)[k], value(theta), sqrt(drop(gradient %*% v %*% gradient)))
    slope <- function(theta) {
      eta <- drop(x %*% theta[1:ncol(x)])
      zeta <- theta[-(1:ncol(x))]
      -sum(share * (f$d(upper(zeta, k) - eta) - f$d(lower(zeta, k) - eta))) * theta[4]
    }
    gradient <- grad(slope, theta)
    record(link, "ordinal slope", levels(children$often)[k], slope(theta), sqrt(drop(gradient %*% v %*% gradient)))
  }
}

# ---- multinomial models ---------------------------------------------------------------------
x <- model.matrix(~ sex + age + hours, children)
answers <- levels(children$whom)
given <- sapply(answers[-1], function(answer) children$whom == answer)
multinomial_shares <- function(theta) {
  odds <- exp(x %*% matrix(theta, ncol(x)))
  cbind(1, odds) / (1 + rowSums(odds))
}
multinomial_scores <- function(theta) {
  residual <- given - multinomial_shares(theta)[, -1]
  do.call(cbind, lapply(1:ncol(residual), function(k) residual[, k] * x))
}
total <- function(theta) colSums(children$w * multinomial_scores(theta))
theta <- newton(multinomial_scores, rep(0, 2 * ncol(x)), children$w)
influence <- (children$w * multinomial_scores(theta)) %*% solve(-jacobian(total, theta))
v <- variance_of(influence)
record("multinomial", "multinomial", as.vector(outer(colnames(x), answers[-1], function(a, b) paste0(b, ":", a))),
       theta, sqrt(diag(v)), degf(design))
record_replicated("multinomial", seq_along(theta), theta, function(w) newton(multinomial_scores, theta, w))
for (k in 1:3) {
  value <- function(theta) sum(children$w * multinomial_shares(theta)[, k]) / sum(children$w)
  gradient <- grad(value, theta)
  record("multinomial", "share", answers[k], value(theta), sqrt(drop(gradient %*% v %*% gradient)))
}
write.csv(do.call(rbind, numbers), file.path(folders[2], "numbers.csv"), row.names = FALSE, quote = FALSE, na = "")
