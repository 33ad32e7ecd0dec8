# Reference numbers for designs of several stages, lonely PSUs, ratios, quantiles and covariances.
#   Rscript designs.R FOLDER-OF-THIS-SCRIPT OUTPUT-FOLDER
folders <- commandArgs(trailingOnly = TRUE)
source(file.path(folders[1], "common.R"))

people <- read.csv(file.path(folders[1], "stages.csv"))
people$total <- "all"
# survey 4.4 turns strata into numbers when it centres a lonely PSU, and silently loses text.
people$h <- as.integer(factor(people$stratum))

INDICATORS <- c("yes", "rare", "hours")

make <- function(data, kind) {
  switch(kind,
    with_replacement = svydesign(~psu, strata = ~h, weights = ~weight, data = data, nest = TRUE),
    one_stage = svydesign(
      ~psu, strata = ~h, weights = ~weight, fpc = ~psus, data = data, nest = TRUE
    ),
    two_stages = svydesign(
      ~psu + unit, strata = ~h, weights = ~weight, fpc = ~psus + units, data = data, nest = TRUE
    ),
    three_stages = svydesign(
      ~psu + unit + person, strata = ~h, weights = ~weight, fpc = ~psus + units + people,
      data = data, nest = TRUE
    )
  )
}
all_estimates <- function(case, design) {
  data <- design$variables
  parts <- lapply(INDICATORS, function(indicator) {
    by_level(case, design, indicator, function(chosen) {
      estimates(design, indicator, chosen, data$h, data$psu)
    })
  })
  do.call(rbind, parts)
}

numbers <- list()
add <- function(rows) numbers[[length(numbers) + 1]] <<- rows

KINDS <- c("with_replacement", "one_stage", "two_stages", "three_stages")
for (kind in KINDS) add(all_estimates(kind, make(people, kind)))

# Strata "e" and "f" with one PSU each.
lonely <- people[!(people$stratum %in% c("e", "f") & people$psu == 2), ]
RULES <- c(remove = "remove", centre = "adjust", average = "average", certainty = "certainty")
for (rule in names(RULES)) {
  options(survey.lonely.psu = RULES[[rule]])
  for (kind in c("with_replacement", "one_stage")) {
    add(all_estimates(paste(rule, kind), make(lonely, kind)))
  }
}
# Averages are left out: without any variance at the later stage of a PSU, R gives NaN.
options(survey.lonely.psu = "remove")
add(all_estimates("remove two_stages", make(lonely, "two_stages")))
options(survey.lonely.psu = "adjust")
add(all_estimates("centre two_stages", make(lonely, "two_stages")))
options(survey.lonely.psu = "fail")

# Strata "e" and "f" joined by hand.
joined <- lonely
joined$psu <- ifelse(joined$stratum == "f", 100 + joined$psu, joined$psu)
joined$psus <- ifelse(joined$stratum %in% c("e", "f"), 39, joined$psus)
joined$h <- ifelse(joined$stratum == "f", 5, joined$h)
for (kind in c("with_replacement", "one_stage")) {
  add(all_estimates(paste("collapse", kind), make(joined, kind)))
}

# The first PSUs of "a" and "d", and all of "e", drawn with certainty: their people are the PSUs.
sure <- people
certain <- (sure$stratum %in% c("a", "d") & sure$psu == 1) | sure$stratum == "e"
sure$h <- ifelse(certain, 100 * sure$h + sure$psu, sure$h)
sure$psu <- ifelse(certain, 1000 + seq_len(nrow(sure)), sure$psu)
options(survey.lonely.psu = "certainty")
add(all_estimates("certainty PSUs", make(sure, "with_replacement")))
options(survey.lonely.psu = "fail")

for (kind in c("with_replacement", "two_stages")) {
  design <- make(people, kind)
  # Ratios, of rows with both answers.
  add(by_level(kind, design, "spent per device", function(chosen) {
    design$variables$both <- chosen & !is.na(people$spent) & !is.na(people$devices)
    part <- design[design$variables$both, ]
    found <- svyratio(~spent, ~devices, part, deff = "replace")
    limits <- confint(found, df = degf(part))
    c(
      ratio = as.numeric(coef(found)), ratio_se = as.numeric(SE(found)),
      ratio_low = limits[1], ratio_high = limits[2], ratio_deff = as.numeric(deff(found))
    )
  }))
  # Quantiles. hours has many ties.
  for (indicator in c("hours", "spent")) {
    for (domain in DOMAINS) {
      for (level in levels_of(design, domain)) {
        part <- design[people[[domain]] == level & !is.na(people[[indicator]]), ]
        for (p in c(0.02, 0.1, 0.25, 0.5, 0.75, 0.9)) {
          for (type in c("mean", "xlogit")) {
            found <- svyquantile(
              as.formula(paste0("~", indicator)), part, p, interval.type = type, qrule = "math"
            )[[1]]
            names <- paste0(if (type == "mean") "mean_" else "logit_", c("estimate", "low", "high", "se"))
            add(numbers_of(
              kind, paste0("quantile_", names), indicator, domain, level, found[1, ], p
            ))
          }
        }
      }
    }
  }
  # The covariance matrix of all levels of sex and age, by the influence of each row.
  scores <- list()
  for (domain in c("sex", "age")) {
    for (level in levels_of(design, domain)) {
      full <- filled(design, "yes", people[[domain]] == level)
      share <- as.numeric(coef(svyratio(~answer, ~valid, full)))
      score <- full$variables$valid * (full$variables$answer - share) / sum(full$variables$valid * people$weight)
      scores[[paste(domain, level, sep = ":")]] <- score
    }
  }
  scored <- design
  scored$variables <- as.data.frame(scores, optional = TRUE)
  matrix <- vcov(svytotal(as.matrix(scored$variables), scored))
  cells <- do.call(rbind, strsplit(names(scores), ":"))
  for (column in seq_along(scores)) {
    add(numbers_of(
      kind, "covariance", "yes", cells[, 1], cells[, 2], matrix[, column], names(scores)[column]
    ))
  }
  # Contrasts of means by svyby and svycontrast.
  for (indicator in c("yes", "hours")) {
    present <- design[!is.na(people[[indicator]]), ]
    table <- svyby(
      as.formula(paste0("~", indicator)), ~age, present, svymean, covmat = TRUE
    )
    wanted <- list(
      "16-17 - 12-13" = c(-1, 0, 1), "14-15 - rest" = c(-0.5, 1, -0.5)
    )
    for (name in names(wanted)) {
      found <- svycontrast(table, wanted[[name]])
      df <- degf(present)
      t <- as.numeric(coef(found)) / as.numeric(SE(found))
      half <- qt(TAIL, df) * as.numeric(SE(found))
      add(numbers_of(
        kind, paste0("contrast_", c("estimate", "se", "ci_low", "ci_high", "df", "t", "p")), indicator, "age", name,
        c(coef(found), SE(found), coef(found) - half, coef(found) + half, df, t, 2 * pt(-abs(t), df))
      ))
    }
  }
}

# Small examples of the package itself.
small <- function(case, design, indicator, chosen = TRUE) {
  design$variables$total <- "all"
  add(by_level(case, design, indicator, domains = "total", compute = function(chosen) {
    mean <- svymean(as.formula(paste0("~", indicator)), design)
    total <- svytotal(as.formula(paste0("~", indicator)), design)
    c(
      estimate = coef(mean), se = SE(mean), total = coef(total), total_se = SE(total),
      df_full = degf(design)
    )
  }))
}
write_table <- function(data, name) {
  write.csv(data, file.path(folders[2], name), row.names = FALSE, quote = FALSE)
}
data(fpc); data(mu284); data(hospital)
write_table(fpc, "fpc.csv")
write_table(mu284, "mu284.csv")
write_table(hospital, "hospital.csv")
small("fpc wr", svydesign(~psuid, strata = ~stratid, weights = ~weight, data = fpc, nest = TRUE), "x")
small("fpc wor", svydesign(
  ~psuid, strata = ~stratid, weights = ~weight, fpc = ~Nh, data = fpc, nest = TRUE
), "x")
mu284$weight <- (mu284$n1 / 5) * (mu284$n2 / 3)
small("mu284", svydesign(~id1 + id2, fpc = ~n1 + n2, data = mu284), "y1")
small("hospital", svydesign(~hospno, strata = ~oblevel, weights = ~weighta, fpc = ~tothosp, data = hospital), "births")

write_numbers(do.call(rbind, numbers), file.path(folders[2], "designs_r.csv"))
