# Reference numbers of survival by R and its packages `survey` and `survival`:
#
#   Rscript survival.R FOLDER_OF_DATA FOLDER_OF_RESULTS
#
# svykm(se = TRUE) is the exponential of the weighted Nelson-Aalen estimate, and without errors it is
# the product of Kaplan and Meier. Errors of the product come from the influences that survfit() gives,
# summed over the design.
suppressMessages({
  library(survey)
  library(survival)
})
folders <- commandArgs(trailingOnly = TRUE)
numbers <- list()
record <- function(design, case, quantity, label, estimate, se = NA) {
  numbers[[length(numbers) + 1]] <<- data.frame(
    design, case, quantity, label,
    estimate = sprintf("%.17g", as.numeric(estimate)), se = sprintf("%.17g", as.numeric(se))
  )
}
children <- read.csv(file.path(folders[1], "first_experience.csv"))
children$sex <- factor(children$sex)
children$place <- factor(children$place)
children$row <- seq_len(nrow(children))
designs <- list(
  plain = svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = children, nest = TRUE),
  fpc = svydesign(id = ~psu, strata = ~stratum, weights = ~weight, fpc = ~psus, data = children, nest = TRUE)
)
TIGHT <- coxph.control(eps = 1e-14, toler.chol = 1e-16, iter.max = 50)

for (name in names(designs)) {
  design <- designs[[name]]
  for (time in c("years", "exact")) {
    for (group in if (time == "years") c("all", "boy", "girl") else "all") {
      case <- paste(time, group)
      part <- subset(design, !is.na(years) & (group == "all" | sex == group))
      y <- as.formula(paste0("Surv(", time, ", happened) ~ 1"))
      # R has a step for each child with the event; the last of a time is the step of that time.
      exponential <- svykm(y, part, se = TRUE)
      last <- !duplicated(exponential$time, fromLast = TRUE)
      record(name, case, "exponential", exponential$time[last], exponential$surv[last],
             sqrt(exponential$varlog[last]))
      product <- svykm(y, part)
      at <- match(exponential$time[last], product$time)
      record(name, case, "product", exponential$time[last], product$surv[at])
      # The influences of survfit() hold the weights already.
      data <- model.frame(part)
      data$w <- weights(part)
      curve <- survfit(y, data, weights = w, influence = 1, id = row)
      at <- match(exponential$time[last], curve$time)
      stopifnot(max(abs(curve$surv[at] - product$surv[match(curve$time[at], product$time)])) < 1e-12)
      influence <- curve$influence.surv[, at] / rep(curve$surv[at], each = nrow(data))
      variance <- vcov(svytotal(influence / data$w, part))
      record(name, case, "product error", exponential$time[last], curve$surv[at], sqrt(diag(variance)))
    }
    for (ties in c("efron", "breslow")) {
      y <- as.formula(paste0("Surv(", time, ", happened) ~ sex + place + hours"))
      fit <- eval(bquote(svycoxph(y, design, method = .(ties), control = TIGHT)))
      record(name, paste(time, ties), "cox", names(coef(fit)), coef(fit), sqrt(diag(vcov(fit))))
      test <- regTermTest(fit, ~ sex + place, df = 10)
      record(name, paste(time, ties), "wald", "sex and place", test$Ftest)
    }
    fit <- svycoxph(update(y, . ~ sex * hours + offset(hours / 5)), subset(design, place == "urban"), control = TIGHT)
    record(name, paste(time, "urban"), "cox", names(coef(fit)), coef(fit), sqrt(diag(vcov(fit))))
  }
}
# ---- replicates -----------------------------------------------------------------------------
# svykm() has no errors for replicates, and svycoxph() stops its refits early. A child without weight
# has a very small one, as svycoxph() gives it, so that ties are those of the sample.
replicated <- as.svrepdesign(designs$plain, type = "JKn")
told <- !is.na(children$years)
r_variance <- function(thetas, theta, mse) {
  sqrt(diag(as.matrix(svrVar(thetas, replicated$scale, replicated$rscales, mse = mse, coef = theta))))
}
product <- function(w, at) {
  curve <- survfit(Surv(years, happened) ~ 1, children[told, ], weights = (w + 1e-13)[told])
  log(summary(curve, times = at)$surv)
}
hazards <- function(w) coef(coxph(Surv(years, happened) ~ sex + place + hours, children, weights = w + 1e-10, control = TIGHT))
for (mse in c(FALSE, TRUE)) {
  case <- if (mse) "jkn mse" else "jkn"
  at <- sort(unique(children$years[told & children$happened == 1]))
  whole <- product(children$weight, at)
  record("plain", case, "product", at, exp(whole),
         r_variance(t(apply(weights(replicated, "analysis"), 2, product, at = at)), whole, mse))
  whole <- hazards(children$weight)
  record("plain", case, "cox", names(whole), whole,
         r_variance(t(apply(weights(replicated, "analysis"), 2, hazards)), whole, mse))
}
write.csv(do.call(rbind, numbers), file.path(folders[2], "survival.csv"), row.names = FALSE, quote = FALSE, na = "")
