# Reference numbers for the synthetic survey, in four designs.
#   Rscript survey.R FOLDER-OF-THIS-SCRIPT OUTPUT-FOLDER
folders <- commandArgs(trailingOnly = TRUE)
source(file.path(folders[1], "estimates.R"))

survey <- read.csv(file.path(folders[1], "survey.csv"))
survey$total <- "all"
# survey 4.4 turns strata into numbers when it centres a lonely PSU, and silently loses text.
survey$stratum_number <- as.integer(factor(survey$stratum))
INDICATORS <- c(
  common = "proportion", rare = "proportion", never = "proportion", always = "proportion",
  asked_of_some = "proportion", unanswered = "proportion", hours = "mean"
)
DOMAINS <- c("total", "sex", "age", "place")

numbers_of <- function(name, design) {
  ratios <- estimate_all(design, INDICATORS, DOMAINS)
  totals <- estimate_all(design, c(asked_of_some = "total", hours = "total"), DOMAINS)
  cbind(design = name, df_design = degf(design), rbind(ratios, totals))
}
clustered <- function(data, ...) {
  svydesign(id = ~psu, strata = ~stratum_number, weights = ~weight, data = data, nest = TRUE, ...)
}

# The second PSU of the west left out: its stratum has a single one.
lonely <- survey[!(survey$stratum == "west" & survey$psu == 2), ]

numbers <- list(
  numbers_of("plain", clustered(survey)),
  numbers_of("fpc", clustered(survey, fpc = ~psus)),
  numbers_of("unclustered", svydesign(id = ~1, weights = ~weight, data = survey))
)
for (option in c(centre = "adjust", certainty = "certainty")) {
  options(survey.lonely.psu = option)
  numbers <- c(numbers, list(numbers_of(if (option == "adjust") "centre" else option, clustered(lonely))))
}
write_numbers(do.call(rbind, numbers), file.path(folders[2], "survey_r.csv"))
