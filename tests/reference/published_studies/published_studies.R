# Reference numbers for two published files: the Youth Risk Behavior Survey 2013 (R package openintro) and the World
# Values Survey of four countries, 1995-1997 (carData). The heads of config/examples/yrbss/config.yaml and of that in
# wvs/ say how to get yrbss.csv and wvs.csv. Beside the numbers stand the counts of answers from which a test writes
# columns anew: of all, and by group. They are tables of ten persons or more, no person's row; a question that has a
# smaller count in a group is left out there.
#   Rscript published_studies.R FOLDER-OF-ESTIMATES.R OUTPUT-FOLDER FOLDER-OF-THE-TWO-FILES
arguments <- commandArgs(trailingOnly = TRUE)
source(file.path(arguments[1], "estimates.R"))
read_raw <- function(name) {
  read.csv(file.path(arguments[3], name), colClasses = "character", na.strings = "")
}

# Who has no level of a group is counted in it with no answer: few have none.
count_answers <- function(level, answer) {
  answer <- ifelse(is.na(level) | is.na(answer), "", answer)
  level <- ifelse(is.na(level), "", level)
  counted <- as.data.frame(table(level = level, code = answer), stringsAsFactors = FALSE)
  counted[counted$Freq > 0, ]
}

# answers: raw codes by question; groups: raw or banded levels by group; of_question: each indicator's question.
write_study <- function(name, answers, groups, survey, indicators, of_question, country) {
  counts <- numbers <- list()
  for (area in unique(country)) {
    here <- country == area
    for (group in names(groups)) {
      told <- character()
      for (question in setdiff(names(answers), group)) {
        if (group != "total" && question %in% names(groups)) next
        counted <- count_answers(groups[here, group], answers[here, question])
        if (any(counted$Freq < 10)) next
        told <- c(told, question)
        counts[[length(counts) + 1]] <- data.frame(
          country = area, group = group, question = question, counted[c("level", "code")], persons = counted$Freq
        )
      }
      chosen <- indicators[of_question[names(indicators)] %in% told]
      if (length(chosen) == 0) next
      design <- svydesign(ids = ~1, weights = ~1, data = cbind(survey, groups)[here, ])
      numbers[[length(numbers) + 1]] <- cbind(country = area, estimate_all(design, chosen, group))
    }
  }
  write_numbers(do.call(rbind, counts), file.path(arguments[2], paste0(name, "_counts.csv")))
  write_numbers(do.call(rbind, numbers), file.path(arguments[2], paste0(name, "_numbers.csv")))
}

raw <- read_raw("yrbss.csv")
days <- function(question) as.numeric(raw[[question]])
among <- function(question, codes, outside = character()) {
  ifelse(is.na(raw[[question]]) | raw[[question]] %in% outside, NA, as.numeric(raw[[question]] %in% codes))
}
of_question <- c(
  slept_8_hours = "school_night_hours_sleep", active_5_days = "physically_active_7d",
  active_no_day = "physically_active_7d", strength_3_days = "strength_training_7d",
  television_3_hours = "hours_tv_per_school_day", no_helmet = "helmet_12m",
  texted_driving = "text_while_driving_30d", active_days = "physically_active_7d"
)
write_study(
  "yrbss",
  raw[c("gender", "grade", unique(of_question))],
  data.frame(total = "all", gender = raw$gender, grade = ifelse(raw$grade == "other", NA, raw$grade)),
  data.frame(
    slept_8_hours = among("school_night_hours_sleep", c("8", "9", "10+")),
    active_5_days = as.numeric(days("physically_active_7d") >= 5),
    active_no_day = as.numeric(days("physically_active_7d") == 0),
    strength_3_days = as.numeric(days("strength_training_7d") >= 3),
    television_3_hours = among("hours_tv_per_school_day", c("3", "4", "5+")),
    no_helmet = among("helmet_12m", c("never", "rarely"), "did not ride"),
    texted_driving = 1 - among("text_while_driving_30d", "0", "did not drive"),
    active_days = days("physically_active_7d")
  ),
  c(
    slept_8_hours = "proportion", active_5_days = "proportion", active_no_day = "proportion",
    strength_3_days = "proportion", television_3_hours = "proportion", no_helmet = "proportion",
    texted_driving = "proportion", active_days = "mean"
  ),
  of_question,
  rep("USA", nrow(raw))
)

raw <- read_raw("wvs.csv")
# The youngest of an age group stand for all of it.
raw$age <- as.character(c(18, 35, 55)[findInterval(as.numeric(raw$age), c(18, 35, 55))])
opinions <- c(help_too_little = "Too Little", help_about_right = "About Right", help_too_much = "Too Much")
survey <- as.data.frame(lapply(opinions, function(opinion) as.numeric(raw$poverty == opinion)))
survey$religion <- as.numeric(raw$religion == "yes")
of_question <- c(setNames(rep("poverty", 3), names(opinions)), religion = "religion")
write_study(
  "wvs",
  raw[c("gender", "degree", "age", "poverty", "religion")],
  data.frame(total = "all", raw[c("gender", "degree", "age")]),
  survey,
  setNames(rep("proportion", 4), names(of_question)),
  of_question,
  raw$country
)
