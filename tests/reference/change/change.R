# Change between waves by R `survey`: two waves as independent and with common PSUs, fixed composition,
# trends on orthogonal polynomials of the years, and the test of any change.
#   Rscript change.R INPUT-FOLDER OUTPUT-FOLDER
# Writes numbers.csv (name, value).
suppressPackageStartupMessages(library(survey))
arguments <- commandArgs(trailingOnly = TRUE)
data <- read.csv(file.path(arguments[1], "sample.csv"))
years <- sort(unique(data$year))
found <- list()
keep <- function(name, value) found[[name]] <<- unname(as.numeric(value))

# Each wave by itself, and all as one design: strata crossed with the wave, or as they are.
wave <- lapply(years, function(year) {
  svydesign(~psu, strata = ~stratum, weights = ~w, data = data[data$year == year, ])
})
names(wave) <- years
data$crossed <- paste(data$year, data$stratum)
data$visit <- paste(data$year, data$psu)
independent <- svydesign(~visit, strata = ~crossed, weights = ~w, data = data)
overlapping <- svydesign(~psu, strata = ~stratum, weights = ~w, data = data)

for (year in years) {
  answered <- subset(wave[[as.character(year)]], !is.na(y))
  mean_of <- svymean(~y, answered)
  keep(paste0("p_", year), coef(mean_of))
  keep(paste0("se_", year), SE(mean_of))
  keep(paste0("df_", year), degf(answered))
}
for (pair in list(c(2017, 2019), c(2019, 2024), c(2017, 2024))) {
  name <- paste0("_", pair[1], "_", pair[2])
  contrast <- as.numeric(years == pair[2]) - as.numeric(years == pair[1])
  for (kind in c("independent", "overlapping")) {
    design <- subset(get(kind), !is.na(y))
    by <- svyby(~y, ~year, design, svymean, covmat = TRUE)
    change <- svycontrast(by, setNames(contrast, names(coef(by))))
    keep(paste0("difference_", kind, name), coef(change))
    keep(paste0("se_", kind, name), SE(change))
    at <- match(pair, years)
    logs <- svycontrast(by, substitute(log(b / a), list(
      a = as.name(as.character(pair[1])), b = as.name(as.character(pair[2]))
    )))
    keep(paste0("log_ratio_se_", kind, name), SE(logs))
    keep(paste0("covariance_", kind, name), vcov(by)[at[1], at[2]])
  }
}

# The covariance of the kept PSUs alone, and Berger and Priam's, by hand from PSU totals.
scores <- function(year) {
  own <- data[data$year == year & !is.na(data$y), ]
  p <- sum(own$w * own$y) / sum(own$w)
  tapply(own$w * (own$y - p) / sum(own$w), own$psu, sum)
}
stratum_of <- function(psus) sub("-.*", "", psus)
for (pair in list(c(2017, 2019), c(2019, 2024))) {
  name <- paste0("_", pair[1], "_", pair[2])
  one <- scores(pair[1])
  two <- scores(pair[2])
  common <- intersect(names(one), names(two))
  matched <- sum(sapply(split(common, stratum_of(common)), function(psus) {
    m <- length(psus)
    m / (m - 1) * sum((one[psus] - mean(one[psus])) * (two[psus] - mean(two[psus])))
  }))
  keep(paste0("matched", name), matched)
  every <- union(names(one), names(two))
  z <- sapply(list(one, two), function(x) ifelse(every %in% names(x), x[every], 0))
  cell <- interaction(stratum_of(every), every %in% names(one), every %in% names(two), drop = TRUE)
  r <- apply(z, 2, function(x) x - ave(x, cell))
  rho <- sum(r[, 1] * r[, 2]) / sqrt(sum(r[, 1]^2) * sum(r[, 2]^2))
  v <- c(found[[paste0("se_", pair[1])]], found[[paste0("se_", pair[2])]])^2
  keep(paste0("correlated", name), rho * sqrt(v[1] * v[2]))
}

# Both waves with the sex and age of the first.
data$group <- paste(data$sex, data$age)
first <- data[data$year == 2017 & !is.na(data$y), ]
shares <- tapply(first$w, first$group, sum) / sum(first$w)
for (year in c(2017, 2019)) {
  own <- svydesign(~psu, strata = ~stratum, weights = ~w, data = data[data$year == year, ])
  standard <- svystandardize(subset(own, !is.na(y)), by = ~group, over = ~1, population = shares)
  mean_of <- svymean(~y, standard)
  keep(paste0("fixed_p_", year), coef(mean_of))
  keep(paste0("fixed_se_", year), SE(mean_of))
}

# Trends: contr.poly of the years as spaced; tests on the degrees of freedom of the design.
poly <- contr.poly(length(years), scores = years)
data$linear <- poly[match(data$year, years), 1]
data$quadratic <- poly[match(data$year, years), 2]
design <- svydesign(~visit, strata = ~crossed, weights = ~w, data = data)
for (model in c("linear", "linear + quadratic", "linear + quadratic + sex + age")) {
  fit <- svyglm(as.formula(paste("y ~", model)), design,
    family = quasibinomial, control = list(epsilon = 1e-14, maxit = 50)
  )
  for (term in intersect(c("linear", "quadratic"), names(coef(fit)))) {
    name <- paste0("trend_", length(coef(fit)), "_", term)
    t <- coef(fit)[term] / SE(fit)[term]
    keep(name, coef(fit)[term])
    keep(paste0(name, "_se"), SE(fit)[term])
    keep(paste0(name, "_p"), 2 * pt(-abs(t), degf(fit$survey.design)))
  }
}
fit <- svyglm(y ~ factor(year), design,
  family = quasibinomial, control = list(epsilon = 1e-14, maxit = 50)
)
test <- regTermTest(fit, ~ factor(year), df = degf(fit$survey.design))
keep("any_change_f", test$Ftest)
keep("any_change_df", test$ddf)
keep("any_change_p", test$p)

# The smallest change that a t test on df degrees of freedom finds with a power of 80 per cent.
power <- function(p, change, v1, v2, df, alpha, r) {
  a <- v1 * p * (1 - p)
  b <- v2 * (p + change) * (1 - p - change)
  shift <- abs(change) / sqrt(a + b - 2 * r * sqrt(a * b))
  t <- qt(1 - alpha / 2, df)
  1 - pt(t, df, shift) + pt(-t, df, shift)
}
detectable <- function(p, v1, v2, df, alpha, r, sign) {
  off <- function(size) power(p, sign * size, v1, v2, df, alpha, r) - 0.8
  most <- (if (sign > 0) 1 - p else p) - 1e-9
  if (off(most) < 0) NA else uniroot(off, c(1e-9, most), tol = 1e-14)$root
}
cases <- expand.grid(p = c(0.02, 0.05, 0.2), n = c(160, 1000), deff = c(1, 2.5), df = c(12, 88))
for (i in seq_len(nrow(cases))) {
  case <- cases[i, ]
  first <- case$deff / case$n
  for (sign in c(1, -1)) {
    name <- paste("detectable", case$p, case$n, case$deff, case$df, sign, sep = "_")
    keep(name, detectable(case$p, first, 1.5 * first, case$df, 0.05, 0, sign))
    keep(
      paste0(name, "_family_kept"),
      detectable(case$p, first, 1.5 * first, case$df, 0.05 / 8, 0.35, sign)
    )
  }
}

numbers <- data.frame(
  name = names(found), value = trimws(formatC(unlist(found), digits = 17, format = "g"))
)
numbers$value[numbers$value == "NA"] <- ""
write.csv(numbers, file.path(arguments[2], "numbers.csv"), row.names = FALSE, quote = FALSE)
