# Reference numbers for the second National Health and Nutrition Examination Survey (NHANES II,
# 31 strata of 2 PSUs), a public-use file carried by the samplics package.
#   Rscript nhanes2.R FOLDER-OF-THIS-SCRIPT OUTPUT-FOLDER NHANES2.CSV
arguments <- commandArgs(trailingOnly = TRUE)
source(file.path(arguments[1], "estimates.R"))

survey <- read.csv(arguments[3])
survey$total <- "all"
design <- svydesign(
  id = ~psuid, strata = ~stratid, weights = ~finalwgt, data = survey, nest = TRUE
)
INDICATORS <- c(
  highbp = "proportion", highlead = "proportion", diabetes = "proportion", zinc = "mean"
)
numbers <- estimate_all(design, INDICATORS, c("total", "race"))
numbers <- cbind(df_design = degf(design), numbers)
write_numbers(numbers, file.path(arguments[2], "nhanes2_r.csv"))
