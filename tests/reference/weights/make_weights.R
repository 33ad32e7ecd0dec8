# Weights of the synthetic sample by R's survey package (written by R 4.5.0, survey 4.4-2).
#
#   Rscript make_weights.R FOLDER_OF_SAMPLE FOLDER_OF_WEIGHTS
folders <- commandArgs(trailingOnly = TRUE)
suppressPackageStartupMessages(library(survey))

sample <- read.csv(file.path(folders[1], "sample.csv"), stringsAsFactors = FALSE)
margins <- read.csv(file.path(folders[1], "margins.csv"), stringsAsFactors = FALSE)

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

# rake() multiplies an epsilon below 1 by the sum of the weights and stops when no margin changes
# by more: 1e-14 leaves weights exact to about 1e-12, where 1e-9 left them 3e-9 off.
raked <- rake(adjusted, list(~sex, ~age, ~stratum),
              list(target("sex"), target("age"), target("stratum")),
              control = list(maxit = 1000, epsilon = 1e-14))
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
write.csv(out, file.path(folders[2], "weights.csv"), row.names = FALSE, quote = FALSE)
