# Every estimator with replicate weights, by R and its package `survey`:
#
#   Rscript replicates.R FOLDER_OF_THE_SAMPLE FOLDER_OF_THE_MULTIPLIERS FOLDER_OF_RESULTS
#
# sample.csv (of ../models) is a made-up sample of 124 children in 8 strata of 2 PSUs.
# multipliers.csv holds what each replicate multiplies the weights of a PSU with: balanced halves,
# Fay's with 0.3, the jackknife with and without strata (there 0 and 1, to be multiplied by 16/15)
# and 60 bootstrap samples. Replicate weights are rounded to six decimals, as files have them.
suppressMessages(library(survey))
folders <- commandArgs(trailingOnly = TRUE)
children <- read.csv(file.path(folders[1], "sample.csv"), stringsAsFactors = TRUE)
children$sex <- factor(ifelse(children$girl == 1, "girl", "boy"))
children$first <- factor(children$y)
children$second <- factor(children$girl)
original <- children$y
multipliers <- read.csv(file.path(folders[2], "multipliers.csv"))

scale_of <- c(brr = 1 / 12, fay = 1 / (12 * 0.7^2), jkn = 1, jk1 = 15 / 16, bootstrap = 1 / 59)
df_of <- c(brr = 8, fay = 8, jkn = 8, jk1 = 15, bootstrap = 8)
# The weights of the kinds of replicates, and designs with the two centres of the deviations.
weights_of <- lapply(names(scale_of), function(kind) {
  columns <- grep(paste0("^", kind, "_"), names(multipliers))
  factors <- as.matrix(multipliers[match(children$psu, multipliers$psu), columns])
  if (kind == "jk1") factors <- factors * 16 / 15
  round(children$w * factors, 6)
})
names(weights_of) <- names(scale_of)
make_design <- function(kind, mse, rows = seq_len(nrow(children)), df = df_of[[kind]]) {
  weights <- weights_of[[kind]][rows, ]
  svrepdesign(
    data = children[rows, ], weights = ~w, repweights = weights, type = "other",
    scale = scale_of[[kind]], rscales = rep(if (kind == "jkn") 0.5 else 1, ncol(weights)),
    combined.weights = TRUE, mse = mse, degf = df
  )
}
designs <- list(linearised = svydesign(~psu, strata = ~st, weights = ~w, data = children))
for (kind in names(scale_of)) {
  designs[[kind]] <- make_design(kind, FALSE)
  designs[[paste0(kind, "_mse")]] <- make_design(kind, TRUE)
}

rows <- list()
case <- ""
record <- function(what, term, estimate = NA, se = NA, statistic = NA, df1 = NA, df2 = NA, p = NA) {
  rows[[length(rows) + 1]] <<- data.frame(
    design = case, what, term = as.character(term), estimate = as.numeric(estimate),
    se = as.numeric(se), statistic = as.numeric(statistic), df1 = as.numeric(df1),
    df2 = as.numeric(df2), p = as.numeric(p)
  )
}
record_all <- function(what, found, terms = names(coef(found)), df) {
  record(what, terms, coef(found), SE(found), df2 = df)
}
# No rounding of the iterations is left in coefficients or working weights.
exact <- list(epsilon = 1e-15, maxit = 200)
fit <- function(formula, design, family) {
  suppressWarnings(svyglm(formula, design, family = family, control = exact))
}
FAMILIES <- list(
  logistic = list(y ~ sex + age, quasibinomial()),
  linear = list(hours ~ sex + age, gaussian()),
  poisson = list(visits ~ sex + age + offset(log(hours + 1)), quasipoisson()),
  probit = list(y ~ sex + age, quasibinomial("probit")),
  cloglog = list(y ~ sex + age, quasibinomial("cloglog"))
)

record_cells <- function(design, df) {
  record_all("mean", svymean(~y, design, na.rm = TRUE), df = df)
  record_all("mean", svymean(~hours, design), df = df)
  record_all("total", svytotal(~y, design, na.rm = TRUE), df = df)
  ages <- svyby(~y, ~age, design, svymean, na.rm = TRUE, covmat = TRUE)
  record_all("mean_by_age", ages, rownames(ages), df)
  differences <- list("a16-a12" = c(-1, 0, 1), "a16-a14" = c(0, -1, 1), even = c(1, -2, 1))
  record_all("contrast", svycontrast(ages, differences), df = df)
  log_ratio <- svycontrast(ages, quote(log(a16 / a12)))
  record("contrast", "log a16/a12", coef(log_ratio), SE(log_ratio), df2 = df)
  totals <- svyby(~hours, ~age, design, svytotal, covmat = TRUE)
  record_all("total_by_age", totals, rownames(totals), df)
  ratio <- svycontrast(totals, quote(a16 / a12))
  record("contrast", "total a16/a12", coef(ratio), SE(ratio), df2 = df)
  record("ratio", "msg/hours", coef(svyratio(~msg, ~hours, design)),
    SE(svyratio(~msg, ~hours, design)), df2 = df)
  sexes <- svyby(~msg, ~sex, design, svyratio, denominator = ~hours, covmat = TRUE)
  record("ratio_by_sex", rownames(sexes), coef(sexes), SE(sexes), df2 = df)
  gap <- svycontrast(sexes, c(-1, 1))
  record("contrast", "ratio girl-boy", coef(gap), SE(gap), df2 = df)
}
record_models <- function(design) {
  for (name in names(FAMILIES)) {
    model <- fit(FAMILIES[[name]][[1]], design, FAMILIES[[name]][[2]])
    t <- coef(model) / SE(model)
    p <- 2 * pt(-abs(t), model$df.residual)
    record(name, names(coef(model)), coef(model), SE(model), t, NA, model$df.residual, p)
    wald <- regTermTest(model, ~age)
    record(paste0(name, "_wald"), "age", NA, NA, wald$Ftest, wald$df, wald$ddf, wald$p)
  }
}
record_tests <- function(design) {
  for (test in list(list("hours by sex", hours ~ sex), list("hours mean 0", hours ~ 0))) {
    found <- svyttest(test[[2]], design)
    record("t_test", test[[1]], found$estimate[1], found$estimate[1] / found$statistic,
      found$statistic, NA, found$parameter, found$p.value)
  }
  for (statistic in c("F", "Chisq", "Wald", "adjWald")) {
    found <- svychisq(~whom + age, design, statistic = statistic)
    record(paste0("association_", statistic), "whom by age", NA, NA, found$statistic,
      found$parameter[1], found$parameter[2], found$p.value)
  }
}
record_subsets <- function(design) {
  older <- subset(design, sex == "girl" & age != "a12")
  record_all("mean_subset", svymean(~y, older, na.rm = TRUE), "girls from 14", degf(older))
  ratio <- svyratio(~msg, ~hours, older)
  record("ratio_subset", "girls from 14", coef(ratio), SE(ratio), df2 = degf(older))
  model <- fit(y ~ sex, subset(design, age != "a12"), quasibinomial())
  record_all("logistic_subset", model, df = model$df.residual)
}
# What the other rows leave out: quantiles, margins, kappa, and calibration of every replicate.
record_more <- function(design, df) {
  found <- svyquantile(~hours, design, c(0.25, 0.5, 0.75), interval.type = "mean", qrule = "math",
    df = df)
  limits <- found$hours
  record("quantile", rownames(limits), limits[, 1], limits[, "se"], limits[, 2], limits[, 3], df)
  answered <- subset(design, !is.na(y))
  # svykappa takes the covariance of the shares of the table; here every replicate has its kappa.
  kappa <- if (inherits(design, "svyrep.design")) {
    withReplicates(answered, function(weights, data) {
      shares <- prop.table(xtabs(weights ~ first + second, data))
      by_chance <- sum(rowSums(shares) * colSums(shares))
      (sum(diag(shares)) - by_chance) / (1 - by_chance)
    })
  } else {
    svykappa(~ first + second, answered)
  }
  record_all("kappa", kappa, "y by girl", df)
}
# Predictive margins, with the coefficients and the weights of every replicate.
record_margins <- function(design, df) {
  found <- suppressWarnings(withReplicates(design, function(weights, data) {
    answered <- data[!is.na(data$y), ]
    answered$weight <- weights[!is.na(data$y)] / mean(weights)
    model <- glm(y ~ sex + age, quasibinomial(), answered, weight, control = exact)
    sapply(levels(data$sex), function(level) {
      everybody <- answered
      everybody$sex <- factor(level, levels = levels(data$sex))
      weighted.mean(predict(model, everybody, type = "response"), answered$weight)
    })
  }))
  record_all("margins", found, levels(children$sex), df)
}
record_calibrated <- function(design) {
  ages <- data.frame(age = c("a12", "a14", "a16"), Freq = c(1200, 1000, 800))
  sexes <- data.frame(sex = c("boy", "girl"), Freq = c(1600, 1400))
  totals <- c("(Intercept)" = 3000, agea14 = 1000, agea16 = 800, hours = 12500)
  after <- list(
    postStratify = postStratify(design, ~age, ages, compress = FALSE),
    rake = rake(design, list(~age, ~sex), list(ages, sexes), compress = FALSE,
      control = list(maxit = 2000, epsilon = 1e-15)),
    greg = calibrate(design, ~ age + hours, totals, calfun = "linear", epsilon = 1e-13, compress = FALSE)
  )
  for (name in names(after)) {
    for (variable in c("y", "hours")) {
      formula <- reformulate(variable)
      record_all(name, svymean(formula, after[[name]], na.rm = TRUE), df = degf(after[[name]]))
    }
    record_all(paste0(name, "_model"), fit(y ~ sex, after[[name]], quasibinomial()), df = NA)
  }
}

for (case in names(designs)) {
  design <- designs[[case]]
  df <- degf(design)
  record_cells(design, df)
  record_models(design)
  record_tests(design)
  record_subsets(design)
  record_more(design, df)
  if (case != "linearised") {
    record_margins(design, df)
    record_calibrated(design)
  }
}
# Three completed data sets, in which each child without an answer has one or another: Rubin's rules
# on the log-odds. The degrees of freedom are those of Barnard and Rubin's paper (1999): mitools
# leaves out 1 + 1/m in them, which makes 6.503 of 6.490.
for (case in c("jkn", "brr", "bootstrap")) {
  found <- lapply(1:3, function(j) {
    children$y <<- ifelse(is.na(original), (children$id + j) %% 3 == 0, original)
    svycontrast(svymean(~y, make_design(case, FALSE)), quote(log(y / (1 - y))))
  })
  pooled <- mitools::MIcombine(lapply(found, coef), lapply(found, vcov), df.complete = df_of[[case]])
  lambda <- (1 + 1 / 3) * var(sapply(found, coef)) / vcov(pooled)
  complete <- (df_of[[case]] + 1) / (df_of[[case]] + 3) * df_of[[case]] * (1 - lambda)
  df <- 1 / (lambda^2 / 2 + 1 / complete)
  record("completed", "log-odds", coef(pooled), sqrt(vcov(pooled)), df2 = df)
}
children$y <- original
# What R does with a cell that a replicate leaves empty: it drops the replicate, with a warning.
case <- "jkn"
children$island <- factor(ifelse(children$psu == children$psu[1], "island", "land"))
found <- suppressWarnings(svyby(~hours, ~island, make_design("jkn", FALSE), svymean))
record("empty_replicate", rownames(found), coef(found), SE(found), df2 = 8)
# Rank of the weights, where no degrees of freedom are told.
for (case in names(scale_of)) {
  record("rank", "df", degf(make_design(case, FALSE, df = NULL)))
}
numbers <- do.call(rbind, rows)
for (name in c("estimate", "se", "statistic", "df1", "df2", "p")) {
  numbers[[name]] <- ifelse(is.na(numbers[[name]]), "", sprintf("%.17g", numbers[[name]]))
}
write.csv(numbers, file.path(folders[3], "numbers.csv"), row.names = FALSE, quote = FALSE)
