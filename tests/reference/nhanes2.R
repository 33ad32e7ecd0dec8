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

# The same by census region, each a survey of its own: sampling strata do not cross regions. Names
# are those of config/examples/nhanes2.
names(survey)[match(c("highbp", "highlead"), names(survey))] <-
  c("high_blood_pressure", "high_lead")
survey$race <- c("white", "black", "other")[survey$race]
NAMED <- c(
  high_blood_pressure = "proportion", diabetes = "proportion", high_lead = "proportion",
  zinc = "mean"
)
REGIONS <- c("NE", "MW", "S", "W")
by_region <- lapply(seq_along(REGIONS), function(number) {
  design <- svydesign(
    id = ~psuid, strata = ~stratid, weights = ~finalwgt, nest = TRUE,
    data = survey[survey$region == number, ]
  )
  cbind(country = REGIONS[number], estimate_all(design, NAMED, c("total", "race")))
})
write_numbers(do.call(rbind, by_region), file.path(arguments[2], "nhanes2_regions_r.csv"))
