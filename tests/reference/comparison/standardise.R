# Directly standardised estimates of the synthetic survey, by R's package `survey`.
#   Rscript standardise.R SURVEY.csv OUTPUT-FOLDER
# Writes standardised.csv: the estimate and its standard error as svystandardize has them, the same
# with svycontrast on the covariance matrix of the levels, and what the standard error would be if
# the levels were independent samples.
suppressMessages(library(survey))
folders <- commandArgs(trailingOnly = TRUE)

data <- read.csv(folders[1])
data$cell <- factor(paste(data$sex, data$age, sep = "|"))
SHARES <- c("boy|12-13" = 1, "boy|14-15" = 2, "boy|16-17" = 3,
            "girl|12-13" = 3, "girl|14-15" = 2, "girl|16-17" = 1)
stopifnot(identical(levels(data$cell), names(SHARES)))
design <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = data, nest = TRUE)

standardised <- function(case, outcome, design, shares) {
  formula <- as.formula(paste0("~", outcome))
  adjusted <- svystandardize(design, by = ~cell, over = ~1, population = shares,
                             excluding.missing = formula)
  found <- svymean(formula, adjusted, na.rm = TRUE)
  levels <- svyby(formula, ~cell, design, svymean, na.rm = TRUE, covmat = TRUE)
  share <- shares / sum(shares)
  contrast <- svycontrast(levels, setNames(share, names(coef(levels))))
  data.frame(case = case, outcome = outcome, estimate = coef(found)[[1]], se = SE(found)[[1]],
             se_contrast = SE(contrast)[[1]],
             se_independent = sqrt(sum(share^2 * SE(levels)^2)))
}

rows <- lapply(c("common", "asked_of_some", "unanswered", "hours"), function(outcome) {
  standardised("all levels", outcome, design, SHARES)
})
# A level without answers: the others keep their proportions.
some <- subset(design, cell != "girl|16-17")
some$variables$cell <- droplevels(some$variables$cell)
rows <- c(rows, list(standardised("without girl|16-17", "common", some, SHARES[1:5])))
write.csv(format(do.call(rbind, rows), digits = 15, scientific = FALSE, trim = TRUE),
          file.path(folders[2], "standardised.csv"), row.names = FALSE, quote = c(1, 2))
