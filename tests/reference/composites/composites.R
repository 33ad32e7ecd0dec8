# Composites with imputed answers, by R survey alone. Writes composites_r.csv.
#
#   Rscript --vanilla composites.R FOLDER_WITH_SAMPLE OUTPUT_FOLDER
#
# The proportion is a function of totals: of those asked (w), of those with a yes (y), and for each
# pattern of missing parts of its open children (s), its donors (d) and their yes (b). R estimates
# the totals together and svycontrast() differentiates the function, symbol by symbol.
suppressPackageStartupMessages(library(survey))
folders <- commandArgs(trailingOnly = TRUE)
children <- read.csv(file.path(folders[1], "sample.csv"))
parts <- as.matrix(children[, c("a", "b", "c", "d")])
known <- !is.na(parts)
yes <- rowSums(parts == 1, na.rm = TRUE) > 0
complete <- rowSums(known) == 4
open <- !yes & !complete
pattern <- apply(known, 1, function(row) paste(as.integer(row), collapse = ""))

# The columns of totals for one level, and the proportion as a function of their names.
terms_of <- function(level) {
  columns <- data.frame(w = level, y = level & yes)
  numerator <- "y"
  for (one in sort(unique(pattern[open & level]))) {
    said_no <- strsplit(one, "")[[1]] == "1"
    none <- rowSums(parts[, said_no, drop = FALSE] == 1, na.rm = TRUE) == 0
    donors <- complete & none
    if (sum(donors & level) >= 100) donors <- donors & level
    name <- paste0(c("s", "d", "b"), one)
    columns[[name[1]]] <- open & level & pattern == one
    columns[[name[2]]] <- donors
    columns[[name[3]]] <- donors & yes
    numerator <- paste0(numerator, " + ", name[1], " * ", name[3], " / ", name[2])
  }
  columns[] <- lapply(columns, as.numeric)
  list(columns = columns, formula = parse(text = paste0("(", numerator, ") / w"))[[1]])
}

plain <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = children)
by_sex <- data.frame(sex = c("boy", "girl"), Freq = c(500, 480))
designs <- list(
  plain = plain,
  calibrated = postStratify(plain, ~sex, by_sex),
  jackknife = as.svrepdesign(plain, type = "JKn")
)
levels_of <- c(list(total = list(all = rep(TRUE, nrow(children)))),
               lapply(children[c("sex", "region")], function(column)
                 lapply(split(seq_along(column), column), function(rows)
                   seq_along(column) %in% rows)))
found <- NULL
for (name in names(designs)) for (domain in names(levels_of)) for (level in names(levels_of[[domain]])) {
  inside <- levels_of[[domain]][[level]]
  terms <- terms_of(inside)
  design <- designs[[name]]
  design$variables <- cbind(design$variables, terms$columns)
  if (name == "jackknife") {
    result <- withReplicates(design, function(w, data) {
      eval(terms$formula, as.list(colSums(w * data[, names(terms$columns)])))
    })
    estimate <- as.numeric(result)
    se <- as.numeric(SE(result))
  } else {
    totals <- svytotal(reformulate(names(terms$columns)), design)
    result <- svycontrast(totals, terms$formula)
    estimate <- as.numeric(coef(result))
    se <- as.numeric(SE(result))
  }
  found <- rbind(found, data.frame(
    design = name, domain = domain, level = level,
    n = sum(inside & rowSums(known) > 0), n_yes = sum(inside & yes),
    estimate = sprintf("%.15g", estimate), se = sprintf("%.15g", se)
  ))
}
write.csv(found, file.path(folders[2], "composites_r.csv"), row.names = FALSE, quote = FALSE)
