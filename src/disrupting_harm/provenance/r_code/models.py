"""Functions in R of adjusted ratios: of groups of one country, and of countries.

Models take children with every answer. svyglm stops long before the last digit, and its errors are
those of the step before: so it is told to go on until nothing moves.
"""

from disrupting_harm.provenance.r_code.call import RCall

ADJUSTED, COUNTRIES = "adjusted", "adjusted_countries"

FUNCTIONS = {
    "fit": """\
fit <- function(outcome, terms, design, family = quasipoisson(log)) suppressWarnings(
  svyglm(reformulate(terms, outcome), design, family = family,
    control = list(epsilon = 1e-30, maxit = 40)))
""",
    "used": """\
used <- function(design, terms) {
  levels <- lapply(design$variables[terms], function(x) factor(x, setdiff(unique(x), c("", NA))))
  levels <- levels[sapply(levels, nlevels) > 0]
  design$variables[names(levels)] <- levels
  design <- subset(design, !is.na(answer) & complete.cases(design$variables[names(levels)]))
  for (one in names(levels))
    design$variables[[one]] <- droplevels(design$variables[[one]])
  several <- sapply(design$variables[names(levels)], nlevels) > 1
  list(design = design, terms = names(levels)[several])
}
""",
    "adjusted": """\
adjusted <- function(country, terms, term, level, reference) {
  x <- used(read(country), terms)
  x$design$variables[[term]] <- relevel(x$design$variables[[term]], reference)
  own <- paste0(term, level)
  model <- fit("answer", x$terms, x$design); b <- coef(model)[[own]]; se <- SE(model)[[own]]
  df <- model$df.residual
  logistic <- fit("answer", x$terms, x$design, quasibinomial())
  margin <- sapply(c(level, reference), function(one) {
    d <- x$design$variables; d[[term]] <- factor(one, levels(d[[term]]))
    weighted.mean(predict(logistic, d, type = "response"), weights(x$design, "sampling"))
  })
  f <- read.csv("family.csv", colClasses = c(term = "character", level = "character"))
  at <- which(f$country == country & f$term == term & f$level == level)
  f$p_value[at] <- 2 * pt(-abs(b / se), df)
  row <- holm_rows(f$p_value)[at, ]
  ends <- exp(b + c(-1, 1) * qt(1 - row$step_alpha / 2, df) * se)
  c(ratio = exp(b), ci_low = ends[1], ci_high = ends[2], row,
    crude_ratio = exp(coef(fit("answer", term, x$design))[[own]]),
    margin_ratio = margin[[1]] / margin[[2]])
}
""",
    "of_all": """\
of_all <- function(codes, terms) {
  d <- do.call(rbind, lapply(codes, function(one) {
    own <- read(one)$variables
    cbind(own[setdiff(names(own), "fpc")], fpc = if ("fpc" %in% names(own)) own$fpc else NA,
      country = one)
  }))
  d$weight <- d$weight / ave(d$weight, d$country, FUN = sum)
  d$stratum <- paste(d$country, d$stratum)
  used(svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = d, nest = TRUE,
    fpc = if (all(!is.na(d$fpc))) ~fpc), c("country", terms))
}
""",
    # Each country to the geometric mean of all.
    "of_country": """\
of_country <- function(terms, country) {
  f <- read.csv("family.csv"); codes <- f$country; k <- length(codes)
  x <- of_all(codes, terms)
  x$design$variables$country <- factor(x$design$variables$country, codes)
  model <- fit("answer", x$terms, x$design); df <- model$df.residual
  own <- paste0("country", codes[-1]); centre <- (diag(k) - 1 / k)[, -1, drop = FALSE]
  b <- c(centre %*% coef(model)[own]); v <- vcov(model)[own, own, drop = FALSE]
  se <- sqrt(diag(centre %*% v %*% t(centre)))
  rows <- holm_rows(2 * pt(-abs(b / se), df))
  d <- x$design$variables; w <- weights(x$design, "sampling")
  crude <- log(sapply(codes, function(one) weighted.mean(d$answer[d$country == one],
    w[d$country == one])))
  reach <- qt(1 - rows$step_alpha / 2, df) * se
  data.frame(ratio = exp(b), ci_low = exp(b - reach), ci_high = exp(b + reach), rows,
    crude_ratio = exp(crude - mean(crude)))[match(country, codes), ]
}
""",
}

CALLS = {
    ADJUSTED: RCall(
        ("read", "fit", "used", "holm_rows", "adjusted"),
        'show(adjusted("{country}", c({terms}), "{term}", "{level}", "{reference}"))',
    ),
    COUNTRIES: RCall(
        ("read", "fit", "used", "of_all", "holm_rows", "of_country"),
        'show(of_country(c({terms}), "{country}"))',
    ),
}
