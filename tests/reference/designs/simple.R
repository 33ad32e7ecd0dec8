# Reference numbers for simple samples, whose weights follow from the sizes of populations alone.
#   Rscript simple.R FOLDER-OF-THIS-SCRIPT OUTPUT-FOLDER
folders <- commandArgs(trailingOnly = TRUE)
suppressMessages(library(survey))
children <- read.csv(file.path(folders[1], "two_phase_sample.csv"))
children$inhabitants <- 10
children$h <- as.integer(factor(children$region))

designs <- list(
  "one size" = svydesign(~1, fpc = ~everyone, data = children),
  "a size by stratum" = svydesign(~1, strata = ~h, fpc = ~regional, data = children),
  "places" = svydesign(~place, fpc = ~places, data = children),
  "two stages" = svydesign(~ place + child, fpc = ~ places + inhabitants, data = children)
)
# R warns that it takes equal probabilities for granted.
designs[["no size"]] <- suppressWarnings(svydesign(~1, data = children))
rows <- lapply(names(designs), function(case) {
  design <- designs[[case]]
  of_girls <- subset(design, sex == "girl")
  numbers <- list(
    total = svytotal(~hours, design), mean = svymean(~hours, design),
    total_girls = svytotal(~hours, of_girls), mean_girls = svymean(~hours, of_girls)
  )
  data.frame(
    case = case, quantity = names(numbers), estimate = sapply(numbers, coef),
    se = sapply(numbers, SE), weights = sum(weights(design)), df = degf(design)
  )
})
numbers <- do.call(rbind, rows)
for (column in c("estimate", "se", "weights")) {
  numbers[[column]] <- formatC(numbers[[column]], digits = 15, format = "g", width = 1)
}
write.csv(numbers, file.path(folders[2], "simple_r.csv"), row.names = FALSE, quote = FALSE)
