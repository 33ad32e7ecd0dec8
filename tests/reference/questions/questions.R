# The options of one question, and pairs of respondents, by R survey. Writes questions_r.csv.
#
#   Rscript --vanilla questions.R FOLDER_WITH_SAMPLE OUTPUT_FOLDER
#
# Korn-Graubard limits are written out from qbeta(), as svyciprop() adjusts with the same quantiles
# but has no level of its own for each option. Weighted kappas have no function in R survey: their
# value and its standard error come from svycontrast() on the totals of the cells.
suppressPackageStartupMessages(library(survey))
folders <- commandArgs(trailingOnly = TRUE)
children <- read.csv(file.path(folders[1], "sample.csv"))
children$psus <- 20
designs <- list(
  plain = svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = children),
  fpc = svydesign(id = ~psu, strata = ~stratum, weights = ~weight, fpc = ~psus, data = children)
)
found <- NULL
note <- function(design, case, quantity, label, value) {
  found <<- rbind(found, data.frame(design = design, case = case, quantity = quantity,
                                    label = label, value = sprintf("%.15g", as.numeric(value))))
}

korn_graubard <- function(p, se, n, df, alpha) {
  size <- n
  if (p > 0 && p < 1)
    size <- min(n, p * (1 - p) / se^2 * (qt(1 - alpha / 2, n - 1) / qt(1 - alpha / 2, df))^2)
  x <- p * size
  c(if (p <= 0) 0 else qbeta(alpha / 2, x, size - x + 1),
    if (p >= 1) 1 else qbeta(1 - alpha / 2, x + 1, size - x))
}

question <- function(name, case, design, options) {
  means <- svymean(reformulate(options), design)
  p <- coef(means)
  covariance <- vcov(means)
  df <- degf(design)
  n <- nrow(design$variables)
  size <- length(options)
  for (i in seq_len(size)) {
    limits <- korn_graubard(p[i], SE(means)[i], n, df, 0.05 / size)
    note(name, case, "estimate", options[i], p[i])
    note(name, case, "se", options[i], SE(means)[i])
    note(name, case, "ci_low", options[i], limits[1])
    note(name, case, "ci_high", options[i], limits[2])
    for (j in seq_len(size))
      note(name, case, "covariance", paste(options[i], options[j]), covariance[i, j])
  }
  note(name, case, "df", "", df)
  pairs <- combn(size, 2)
  tests <- apply(pairs, 2, function(at) {
    factors <- numeric(size)
    factors[at] <- c(1, -1)
    contrast <- svycontrast(means, factors)
    c(coef(contrast), SE(contrast))
  })
  p_values <- 2 * pt(-abs(tests[1, ] / tests[2, ]), df)
  labels <- paste(options[pairs[1, ]], options[pairs[2, ]])
  note(name, case, "difference", labels, tests[1, ])
  note(name, case, "difference_se", labels, tests[2, ])
  note(name, case, "p_value", labels, p_values)
  note(name, case, "p_holm", labels, p.adjust(p_values, "holm"))
}

pair_of <- function(name, design) {
  design <- subset(design, !is.na(yes_child) & !is.na(yes_caregiver))
  design <- update(design, a = yes_child, b = yes_caregiver,
                   both = yes_child * yes_caregiver, only_child = yes_child * (1 - yes_caregiver),
                   only_caregiver = (1 - yes_child) * yes_caregiver,
                   neither = (1 - yes_child) * (1 - yes_caregiver),
                   agree = as.numeric(yes_child == yes_caregiver),
                   difference = yes_child - yes_caregiver,
                   first = factor(yes_child), second = factor(yes_caregiver))
  shares <- svymean(~both + only_child + only_caregiver + neither + agree + a + b + difference,
                    design)
  labels <- c("both", "only_child", "only_caregiver", "neither", "agree", "child", "caregiver",
              "difference")
  note(name, "dyads", "estimate", labels, coef(shares))
  note(name, "dyads", "se", labels, SE(shares))
  ratios <- list(
    caregiver_if_child = svyratio(~both, ~a, design),
    child_if_caregiver = svyratio(~both, ~b, design),
    positive_agreement = svyratio(~I(2 * both), ~I(a + b), design),
    negative_agreement = svyratio(~I(2 * neither), ~I(2 - a - b), design),
    kappa = svykappa(~first + second, design)
  )
  for (label in names(ratios)) {
    note(name, "dyads", "estimate", label, coef(ratios[[label]]))
    note(name, "dyads", "se", label, SE(ratios[[label]]))
  }
  note(name, "dyads", "df", "child", degf(design))
  note(name, "dyads", "df", "caregiver_if_child", degf(subset(design, a == 1)))
  note(name, "dyads", "n", "child", nrow(design$variables))
}

# Kappa with agreement weights, a function of the 16 cells' shares.
weighted <- function(name, design, worth, case) {
  cells <- expand.grid(i = 1:4, j = 1:4)
  for (at in seq_len(16))
    design$variables[[paste0("c", at)]] <- as.numeric(
      design$variables$often_child == cells$i[at] &
        design$variables$often_caregiver == cells$j[at])
  shares <- svymean(reformulate(paste0("c", 1:16)), design)
  of <- function(keep) paste0("(", paste0("c", which(keep), collapse = " + "), ")")
  observed <- paste0("c", 1:16, " * ", sprintf("%.17g", worth), collapse = " + ")
  expected <- paste(sapply(1:16, function(at) paste0(
    sprintf("%.17g", worth[at]), " * ", of(cells$i == cells$i[at]), " * ",
    of(cells$j == cells$j[at]))), collapse = " + ")
  kappa <- svycontrast(shares, parse(text = paste0(
    "((", observed, ") - (", expected, ")) / (1 - (", expected, "))"))[[1]])
  note(name, case, "estimate", "kappa", coef(kappa))
  note(name, case, "se", "kappa", SE(kappa))
}

for (name in names(designs)) {
  design <- update(designs[[name]], a = +(who == "a"), b = +(who == "b"), c = +(who == "c"),
                   d = +(who == "d"), e = +(who == "e"), f = +(who == "f"))
  question(name, "one answer", design, letters[1:6])
  question(name, "one answer, some children", subset(design, asked == 1), letters[1:6])
  question(name, "several answers", subset(design, asked == 1),
           c("friend", "sibling", "caregiver", "teacher", "nobody"))
  pair_of(name, designs[[name]])
  apart <- abs(outer(1:4, 1:4, "-")) / 3
  weighted(name, designs[[name]], as.vector(diag(4)), "kappa, unweighted")
  weighted(name, designs[[name]], as.vector(1 - apart), "kappa, linear")
  weighted(name, designs[[name]], as.vector(1 - apart^2), "kappa, quadratic")
}
write.csv(found, file.path(folders[2], "questions_r.csv"), row.names = FALSE)
