# Reference numbers for samples of two phases: a short interview of many children, and a long one of
# some of these, more of those with a yes to a screening question.
#   Rscript two_phase.R OUTPUT-FOLDER
#
# Two computations: R's `twophase(method = "full")`; and "pairs", the double sums of Särndal,
# Swensson & Wretman 1992 (9.3.7) over all pairs of children, written out in base R. With strata in
# the first phase R's totals have another variance, which simulation contradicts: see
# `benchmarks/unequal_designs.py`.
output <- commandArgs(trailingOnly = TRUE)[1]
suppressMessages(library(survey))

RNGversion("4.0.0")
set.seed(20261201)
sizes <- c(north = 420, middle = 300, south = 180)
drawn <- c(north = 60, middle = 48, south = 36)
children <- data.frame(
  child = seq_len(sum(drawn)), region = rep(names(sizes), drawn),
  regional = rep(unname(sizes), drawn), everyone = sum(sizes)
)
n <- nrow(children)
children$place <- rep(seq_len(n / 6), each = 6)
children$places <- 60
children$sex <- sample(c("boy", "girl"), n, TRUE)
children$screen <- sample(c("none", "some", "much"), n, TRUE, c(0.5, 0.3, 0.2))
strength <- c(none = 0, some = 1, much = 2)[children$screen]
children$hours <- round(rgamma(n, 8, 2) + 0.5 * strength, 2)
children$cost <- round(4 + 2 * children$hours + 3 * strength + rnorm(n), 2)
children$yes <- rbinom(n, 1, plogis(-2 + 0.2 * children$hours + 0.8 * strength))
children$long <- FALSE
for (answer in c("none", "some", "much")) {
  among <- which(children$screen == answer)
  share <- c(none = 0.3, some = 0.5, much = 1)[[answer]]
  children$long[among[sample.int(length(among), ceiling(share * length(among)))]] <- TRUE
}
children$cost[!children$long] <- NA
children$yes[!children$long] <- NA
write.csv(
  children, file.path(output, "two_phase_sample.csv"), row.names = FALSE, quote = FALSE, na = ""
)

rows <- list()
add <- function(case, computation, quantity, indicator, level, estimate, variance, df = NA) {
  rows[[length(rows) + 1]] <<- data.frame(
    case = case, computation = computation, quantity = quantity, indicator = indicator,
    level = level, estimate = as.numeric(estimate), variance = as.numeric(variance), df = df
  )
}

in_r <- function(case, design) {
  df <- degf(design)
  put <- function(quantity, indicator, level, x, df = NA) {
    add(case, "R", quantity, indicator, level, coef(x), diag(as.matrix(vcov(x))), df)
  }
  put("total", "cost", "all", svytotal(~cost, design), df)
  put("mean", c("cost", "yes"), "all", svymean(~ cost + yes, design), df)
  put("ratio", "cost", "all", svyratio(~cost, ~hours, design), df)
  for (sex in c("boy", "girl")) {
    put("mean", "cost", sex, svymean(~cost, design[which(children$sex[children$long] == sex), ]))
  }
  # A model, as R's svyby(covmat = TRUE) leaves out how the levels of such a design go together.
  by_sex <- svyglm(cost ~ sex, design)
  add(case, "R", "difference", "cost", "girl - boy", coef(by_sex)[2], vcov(by_sex)[2, 2])
  fit <- svyglm(yes ~ hours, design, family = quasibinomial,
    control = glm.control(epsilon = 1e-14, maxit = 100)
  )
  # R's standard errors are those of the step before its last one: start at the solution.
  solution <<- coef(fit)
  fit <- svyglm(yes ~ hours, design, family = quasibinomial, start = solution)
  put("logistic", names(coef(fit)), "all", fit)
  # The statistic and the P value stand in the places of the estimate and its variance. R's
  # svychisq stops at designs of this kind.
  test <- svyttest(cost ~ sex, design)
  add(case, "R", "t test", "cost", "sex", test$statistic, test$p.value, test$parameter)
  put("mean after calibration", "cost", "all", svymean(~cost, calibrate(design, ~hours, phase = 2)))
  put("total after calibration", "cost", "all",
    svytotal(~cost, calibrate(design, ~ hours + screen, phase = 2))
  )
}

# One of the first phase's strata of places or children; `joint` is 1 - pi_i pi_j / pi_ij.
phase_one <- function(stratum, unit, population) {
  firsts <- !duplicated(paste(stratum, unit))
  n_units <- ave(as.numeric(firsts), stratum, FUN = sum)
  unsampled <- if (is.null(population)) rep(1, n) else 1 - n_units / population
  same_unit <- outer(paste(stratum, unit), paste(stratum, unit), "==")
  same_stratum <- outer(stratum, stratum, "==")
  joint <- ifelse(same_stratum, -unsampled / (n_units - 1), 0)
  ifelse(same_unit, unsampled, joint)
}
phase_two <- function(joint, weight, score) {
  chosen <- which(children$long)
  answer <- children$screen
  taken <- ave(as.numeric(children$long), answer, FUN = sum)[chosen]
  present <- ave(rep(1, n), answer, FUN = sum)[chosen]
  answer <- answer[chosen]
  chance <- taken / present
  pairs <- outer(chance, chance)
  same <- outer(answer, answer, "==")
  pairs[same] <- (taken * (taken - 1) / (present * (present - 1)))[row(pairs)[same]]
  diag(pairs) <- chance
  first <- weight[chosen] * score[chosen]
  both <- first / chance
  drop(first %*% (joint[chosen, chosen] / pairs) %*% first) +
    drop(both %*% ((pairs - outer(chance, chance)) / pairs) %*% both)
}
in_pairs <- function(case, joint, weight) {
  taken <- ave(as.numeric(children$long), children$screen, FUN = sum)
  present <- ave(rep(1, n), children$screen, FUN = sum)
  full <- ifelse(children$long, weight * present / taken, 0)
  cost <- ifelse(children$long, children$cost, 0)
  put <- function(quantity, level, estimate, score) {
    add(case, "pairs", quantity, "cost", level, estimate, phase_two(joint, weight, score))
  }
  put("total", "all", sum(full * cost), cost)
  # Without strata in the first phase their number is known: nothing but rounding.
  if (case == "strata") put("count", "all", sum(full), rep(1, n))
  mean <- sum(full * cost) / sum(full)
  put("mean", "all", mean, (cost - mean) / sum(full))
  ratio <- sum(full * cost) / sum(full * children$hours)
  put("ratio", "all", ratio, (cost - ratio * children$hours) / sum(full * children$hours))
  scores <- list()
  means <- c()
  for (sex in c("boy", "girl")) {
    inside <- children$sex == sex
    means[[sex]] <- sum((full * cost)[inside]) / sum(full[inside])
    scores[[sex]] <- ifelse(inside, cost - means[[sex]], 0) / sum(full[inside])
    put("mean", sex, means[[sex]], scores[[sex]])
    put("total", sex, sum((full * cost)[inside]), ifelse(inside, cost, 0))
  }
  put("difference", "girl - boy", means[["girl"]] - means[["boy"]], scores$girl - scores$boy)
}

one <- rep("all", n)
cases <- list(
  "no strata" = list(
    twophase(list(~child, ~child), strata = list(NULL, ~screen), fpc = list(~everyone, NULL),
      subset = ~long, data = children
    ),
    phase_one(one, children$child, children$everyone), children$everyone / n
  ),
  "no strata, with replacement" = list(
    NULL, phase_one(one, children$child, NULL), children$everyone / n
  ),
  "strata" = list(
    twophase(list(~child, ~child), strata = list(~region, ~screen), fpc = list(~regional, NULL),
      subset = ~long, data = children
    ),
    phase_one(children$region, children$child, children$regional),
    children$regional / drawn[children$region]
  ),
  "places" = list(
    twophase(list(~place, ~child), strata = list(NULL, ~screen), fpc = list(~places, NULL),
      subset = ~long, data = children
    ),
    phase_one(one, children$place, children$places), rep(60 / (n / 6), n)
  )
)
for (case in names(cases)) {
  if (!is.null(cases[[case]][[1]])) in_r(case, cases[[case]][[1]])
  in_pairs(case, cases[[case]][[2]], cases[[case]][[3]])
}
numbers <- do.call(rbind, rows)
for (column in c("estimate", "variance")) numbers[[column]] <- formatC(
  numbers[[column]], digits = 15, format = "g", width = 1
)
write.csv(numbers, file.path(output, "two_phase_r.csv"), row.names = FALSE, quote = TRUE, na = "")
