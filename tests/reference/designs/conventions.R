# Where R's own calls give other numbers than this package, because of a convention.
#   Rscript conventions.R FOLDER-OF-THIS-SCRIPT OUTPUT-FOLDER
folders <- commandArgs(trailingOnly = TRUE)
source(file.path(folders[1], "common.R"))

people <- read.csv(file.path(folders[1], "stages.csv"))
people$h <- as.integer(factor(people$stratum))
# The part "south" has no case in strata a to d; its strata e and f have one PSU each.
people$part <- ifelse(people$stratum %in% c("a", "b", "c", "d"), "north", "south")
lonely <- people[!(people$stratum %in% c("e", "f") & people$psu == 2), ]
make <- function(data) {
  svydesign(~psu, strata = ~h, weights = ~weight, data = data, nest = TRUE)
}

numbers <- list()
add <- function(...) numbers[[length(numbers) + 1]] <<- numbers_of(...)

# Domains as R takes them: subsets, of which R counts the strata (and their PSUs) with cases only.
for (rule in c("average", "adjust")) {
  options(survey.lonely.psu = rule)
  whole <- make(lonely)
  for (level in c("north", "south")) {
    part <- subset(whole, part == level & !is.na(hours))
    mean <- svymean(~hours, part)
    total <- svytotal(~hours, part)
    add(rule, "se", "hours", "part", level, SE(mean))
    add(rule, "total_se", "hours", "part", level, SE(total))
  }
}
options(survey.lonely.psu = "fail")

# Pearson's statistic as R prints it, and its p value.
complete <- make(people[!is.na(people$yes), ])
found <- svychisq(~yes + sex, complete, statistic = "Chisq")
add("plain", "chisq", "yes", "sex", "", found$statistic)
add("plain", "chisq_p", "yes", "sex", "", found$p.value)

# A mean against two hours: R shifts the answers, and with them the estimate and the interval.
valid <- make(people[!is.na(people$hours), ])
found <- svyttest(I(hours - 2) ~ 0, valid)
add("plain", "t", "hours", "", "", found$statistic)
add("plain", "t_df", "hours", "", "", found$parameter)
add("plain", "t_p", "hours", "", "", found$p.value)
add("plain", "t_estimate", "hours", "", "", found$estimate)
add("plain", "t_low", "hours", "", "", found$conf.int[1])
# With a missing answer in the data R has no result.
add("plain", "t_missing", "hours", "", "", svyttest(hours ~ 0, make(people))$statistic)

table <- do.call(rbind, numbers)
table$value <- format(table$value, digits = 15, trim = TRUE)
write.csv(table, file.path(folders[2], "conventions_r.csv"), row.names = FALSE, quote = FALSE)
