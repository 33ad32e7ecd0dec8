# Weights of the synthetic sample by R's survey package, for tests/reference/weights.
# Run from this folder: Rscript make_weights.R   (writes weights.csv; R 4.5.0, survey 4.4-2)
suppressPackageStartupMessages(library(survey))
options(digits = 17)

sample <- read.csv("sample.csv", stringsAsFactors = FALSE)
margins <- read.csv("margins.csv", stringsAsFactors = FALSE)

# Base weight: one of `eligible` children was selected in the household.
sample$base <- sample$eligible / (sample$p_psu * sample$p_household)

# Non-response by stratum: post-stratify the respondents to the weighted sample they came from.
respondents <- sample[sample$disposition == "complete", ]
classes <- aggregate(base ~ stratum, data = sample, FUN = sum)
names(classes) <- c("stratum", "Freq")
design <- svydesign(ids = ~1, weights = ~base, data = respondents)
adjusted <- postStratify(design, ~stratum, classes)
respondents$adjusted <- weights(adjusted)

target <- function(name) {
  rows <- margins[margins$margin == name, ]
  value <- rows$category
  if (is.numeric(respondents[[name]])) value <- as.numeric(value)
  out <- data.frame(value, rows$total)
  names(out) <- c(name, "Freq")
  out
}

# epsilon is the largest change in a margin (in children, of 100,000) at which rake() stops:
# 1e-9 leaves weights that are exact to far better than 1e-9 relative.
raked <- rake(adjusted, list(~sex, ~age, ~stratum),
              list(target("sex"), target("age"), target("stratum")),
              control = list(maxit = 1000, epsilon = 1e-9))
respondents$raked <- weights(raked)
respondents$poststratified <- weights(postStratify(adjusted, ~age, target("age")))

# Trimming once at five medians, the excess given to the others in proportion.
cap <- 5 * median(respondents$adjusted)
w <- respondents$adjusted
cut <- rep(FALSE, length(w))
repeat {
  above <- w > cap
  if (!any(above)) break
  cut <- cut | above
  w[cut] <- cap
  w[!cut] <- respondents$adjusted[!cut] *
    (sum(respondents$adjusted) - cap * sum(cut)) / sum(respondents$adjusted[!cut])
}
respondents$trimmed <- w

out <- respondents[, c("child_id", "base", "adjusted", "raked", "poststratified", "trimmed")]
for (name in names(out)[-1]) out[[name]] <- sprintf("%.17g", out[[name]])
write.csv(out, "weights.csv", row.names = FALSE, quote = FALSE)
