# Reference numbers for samples drawn with unequal probabilities, from the counties in R's `survey`.
#   Rscript pps.R OUTPUT-FOLDER
output <- commandArgs(trailingOnly = TRUE)[1]
suppressMessages(library(survey))
data(election)

# Forty counties drawn by Tillé's elimination, with the joint probabilities of every pair; the file
# has two rows for each, as if a county were a PSU of two places.
counties <- data.frame(
  county = seq_len(nrow(election_pps)),
  half = rep(c("east", "west"), length.out = nrow(election_pps)),
  election_pps[, c("Bush", "Kerry", "Nader", "votes", "p")]
)
# survey 4.4 counts with strata where it approximates joint probabilities: text stops it.
counties$h <- as.integer(factor(counties$half))
joint <- election_jointprob
squares <- sum(election$p^2)
counties$squares <- squares
places <- counties[rep(counties$county, each = 2), ]
places$place <- rep(1:2, nrow(counties))
share <- ifelse(places$place == 1, 0.375, 0.625)
for (column in c("Bush", "Kerry", "Nader", "votes")) {
  first <- round(0.375 * places[[column]])
  places[[column]] <- ifelse(places$place == 1, first, places[[column]] - first)
}
places$places <- 2 + places$county %% 3
places$yes <- as.numeric((7 * places$county + places$place) %% 3 == 0)
places$size <- log10(places$votes)
write.csv(places, file.path(output, "pps_sample.csv"), row.names = FALSE, quote = FALSE)
write.csv(
  data.frame(joint), file.path(output, "pps_joint.csv"), row.names = FALSE, quote = FALSE
)

rows <- list()
add <- function(case, quantity, indicator, level, estimate, se, df = NA) {
  rows[[length(rows) + 1]] <<- data.frame(
    case = case, quantity = quantity, indicator = indicator, level = level,
    estimate = as.numeric(estimate), se = as.numeric(se), df = df
  )
}
describe <- function(case, design) {
  df <- degf(design)
  totals <- svytotal(~ Bush + Kerry + Nader, design)
  add(case, "total", names(coef(totals)), "all", coef(totals), SE(totals), df)
  mean <- svymean(~Bush, design)
  add(case, "mean", "Bush", "all", coef(mean), SE(mean), df)
  ratio <- svyratio(~Bush, ~votes, design)
  add(case, "ratio", "Bush", "all", coef(ratio), SE(ratio), df)
  large <- svytotal(~Bush, subset(design, votes > 50000))
  add(case, "total", "Bush", "more than 50,000 votes", coef(large), SE(large))
  large <- svymean(~Bush, subset(design, votes > 50000))
  add(case, "mean", "Bush", "more than 50,000 votes", coef(large), SE(large))
}

describe("brewer", svydesign(~1, fpc = ~p, data = counties, pps = "brewer"))
describe("overton", svydesign(~1, fpc = ~p, data = counties, pps = "overton"))
describe("hartley_rao", svydesign(~1, fpc = ~p, data = counties, pps = HR()))
describe("hartley_rao known", svydesign(~1, fpc = ~p, data = counties, pps = HR(squares / 40)))
describe(
  "horvitz_thompson",
  svydesign(~1, fpc = ~p, data = counties, pps = ppsmat(joint), variance = "HT")
)
describe(
  "yates_grundy",
  svydesign(~1, fpc = ~p, data = counties, pps = ppsmat(joint), variance = "YG")
)
describe("brewer strata", svydesign(~1, strata = ~h, fpc = ~p, data = counties, pps = "brewer"))
describe(
  "overton strata", svydesign(~1, strata = ~h, fpc = ~p, data = counties, pps = "overton")
)
describe("hartley_rao strata", svydesign(~1, strata = ~h, fpc = ~p, data = counties, pps = HR()))

# Whole PSUs, and two places out of several in a second stage.
clustered <- svydesign(~county, fpc = ~p, data = places, pps = "brewer")
describe("brewer clusters", clustered)
fit <- svyglm(yes ~ size, clustered, family = quasibinomial,
  control = glm.control(epsilon = 1e-14, maxit = 100)
)
# R's standard errors are those of the step before its last one: start at the solution.
fit <- svyglm(yes ~ size, clustered, family = quasibinomial, start = coef(fit))
add("brewer clusters", "logistic", names(coef(fit)), "all", coef(fit), SE(fit))
# Tests: the statistic and the P value stand in the places of the estimate and its error.
test <- svychisq(~ yes + half, clustered)
add("brewer clusters", "association", "yes", "half", test$statistic, test$p.value)
test <- svyttest(size ~ half, clustered)
add("brewer clusters", "t test", "size", "half", test$statistic, test$p.value, test$parameter)
places$fraction <- 2 / places$places
describe(
  "brewer stages",
  svydesign(~ county + place, fpc = ~ p + fraction, data = places, pps = "brewer", nest = TRUE)
)
numbers <- do.call(rbind, rows)
for (column in c("estimate", "se")) numbers[[column]] <- formatC(
  numbers[[column]], digits = 15, format = "g", width = 1
)
write.csv(numbers, file.path(output, "pps_r.csv"), row.names = FALSE, quote = TRUE, na = "")
