# The same file of NHANES II as if nobody knew how its persons were drawn: svydesign(ids = ~1,
# weights = ~1), and what lies between it and the whole design.
#   Rscript rows_alike.R FOLDER-OF-THIS-SCRIPT OUTPUT-FOLDER NHANES2.CSV
arguments <- commandArgs(trailingOnly = TRUE)
source(file.path(arguments[1], "estimates.R"))

survey <- read.csv(arguments[3])
survey$total <- "all"
INDICATORS <- c(
  highbp = "proportion", highlead = "proportion", diabetes = "proportion", zinc = "mean"
)
DESIGNS <- list(
  rows = svydesign(ids = ~1, weights = ~1, data = survey),
  weighted_rows = svydesign(ids = ~1, weights = ~finalwgt, data = survey),
  rows_of_strata = svydesign(ids = ~1, strata = ~stratid, weights = ~1, data = survey),
  clusters = svydesign(ids = ~cluster, weights = ~1, data = transform(
    survey, cluster = psuid + 10 * stratid
  ))
)
numbers <- lapply(names(DESIGNS), function(name) {
  design <- DESIGNS[[name]]
  cbind(
    design = name, df_design = degf(design),
    estimate_all(design, INDICATORS, c("total", "race"))
  )
})
write_numbers(do.call(rbind, numbers), file.path(arguments[2], "rows_alike_r.csv"))
