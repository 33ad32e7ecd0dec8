"""Lines of R that compute numbers of the comparison again: of two countries, and of gaps.

They read the answers of each country that a number compares (``KEN.csv``) and ``family.csv``: the
estimate or the gap of every country of the family with its standard error and degrees of freedom,
at full precision, by which P values are adjusted. R computes those of the countries compared from
their answers, and puts them in the place of what the file says. Of simultaneous limits of pairs the
critical value is that of the run's draws, as another generator cannot repeat them; ``drawn`` is
that of R's own, and may differ by 0.02.
"""

from collections.abc import Mapping, Sequence

from disrupting_harm.provenance.recompute import IMPUTED, MEANS, is_imputed, packages
from disrupting_harm.study.definitions import Indicator
from disrupting_harm.study.study import Study

# Tables with lines of their own.
PAIRS, GAPS, GAP_PAIRS = "pairwise", "gaps", "gap_pairs"
COMPUTED = (PAIRS, GAPS, GAP_PAIRS)
# In lines that hold for all rows of a table: what stands in the row.
ANY_ROW = {
    "country": "COUNTRY", "country_a": "COUNTRY_A", "country_b": "COUNTRY_B",
    "level_a": "LEVEL_A", "level_b": "LEVEL_B",
}  # fmt: skip

# Functions in R, in the order in which a page has them.
_READ = """\
read <- function(country) {
  d <- read.csv(paste0(country, ".csv"),
    colClasses = c(stratum = "character", psu = "character", group = "character"))
  svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = d, nest = TRUE,
    fpc = if ("fpc" %in% names(d)) ~fpc)
}
"""
_WHOLE = """\
whole <- function(country) {
  part <- subset(read(country), !is.na(answer))
  m <- MEAN(~answer, part)
  c(estimate = coef(m)[[1]], se = SE(m)[[1]], df = degf(part))
}
"""
_GAP = """\
gap <- function(country, a, b) {
  design <- read(country)
  part <- subset(design, !is.na(answer) & group %in% c(a, b))
  own <- part$variables$stratum
  m <- svyby(~answer, ~group, part, MEAN, covmat = TRUE)
  x <- svycontrast(m, setNames(c(1, -1), c(a, b)))
  r <- svycontrast(m, bquote(log(.(as.name(a)) / .(as.name(b)))))
  c(estimate = coef(x)[[1]], se = SE(x)[[1]], df = degf(subset(design, stratum %in% own)),
    log = coef(r)[[1]], log_se = SE(r)[[1]])
}
"""
_SHARE = """\
share <- function(d, here) {{
{imputed}\
  list(p = p, score = score, answered = answered)
}}
"""
_WHOLE_IMPUTED = """\
whole <- function(country) {
  design <- read(country)
  x <- share(design$variables, TRUE)
  design$variables$score <- x$score
  c(estimate = x$p, se = SE(svytotal(~score, design))[[1]],
    df = degf(subset(design, x$answered)))
}
"""
_GAP_IMPUTED = """\
gap <- function(country, a, b) {
  design <- read(country)
  d <- design$variables
  x <- share(d, d$group %in% a)
  y <- share(d, d$group %in% b)
  own <- d$stratum[x$answered | y$answered]
  design$variables$gap <- x$score - y$score
  design$variables$log <- x$score / x$p - y$score / y$p
  c(estimate = x$p - y$p, se = SE(svytotal(~gap, design))[[1]],
    df = degf(subset(design, stratum %in% own)),
    log = log(x$p / y$p), log_se = SE(svytotal(~log, design))[[1]])
}
"""
_TOGETHER = """\
family <- function(x) {
  f <- read.csv("family.csv", row.names = "country", na.strings = "")
  known <- c("estimate", "se", "df")
  f[colnames(x), known] <- t(x[known, , drop = FALSE])
  f
}
"""
_TESTED = """\
tested <- function(d, se, df, critical, drawn, own) {{
  p <- 2 * pt(-abs(d / se), df)
  near <- qt({upper}, df) * se
  far <- -qt(pnorm(-critical), df) * se
  data.frame(difference = d, ci_low = d - near, ci_high = d + near,
    ci_low_simultaneous = d - far, ci_high_simultaneous = d + far, p_value = p,
    p_holm = p.adjust(p, "holm"), p_bh = p.adjust(p, "BH"), drawn)[own, ]
}}
"""
_IN_PAIRS = """\
in_pairs <- function(f, a, b) {{
  pairs <- combn(nrow(f), 2); i <- pairs[1, ]; j <- pairs[2, ]
  v <- f$se^2
  part <- ifelse(v > 0, v^2 / f$df, 0)
  se <- sqrt(v[i] + v[j])
  set.seed(1)
  e <- matrix(rnorm(1e5 * nrow(f)), ncol = nrow(f)) %*% diag(f$se)
  drawn <- quantile(do.call(pmax, lapply(which(se > 0),
    function(k) abs(e[, i[k]] - e[, j[k]]) / se[k])), 1 - {alpha})[[1]]
  tested(f$estimate[i] - f$estimate[j], se, se^4 / (part[i] + part[j]), f$critical[1], drawn,
    which(rownames(f)[i] == a & rownames(f)[j] == b))
}}
"""
_RATIO = """\
ratio <- function(log, se, df) setNames(exp(log + c(0, -1, 1) * qt({upper}, df) * se),
  c("ratio", "ratio_low", "ratio_high"))
"""
_SHOW = 'show <- function(x) cat(sprintf("%s %.15g", names(x), unlist(x)), sep = "\\n")\n'
_CALLS = {
    PAIRS: """\
x <- sapply(c("{country_a}", "{country_b}"), whole)
v <- (x["se", ] / x["estimate", ])^2
show(c(in_pairs(family(x), "{country_a}", "{country_b}"),
  ratio(log(x["estimate", 1] / x["estimate", 2]), sqrt(sum(v)), sum(v)^2 / sum(v^2 / x["df", ]))))
""",
    GAPS: """\
x <- sapply("{country}", gap, "{level_a}", "{level_b}")
f <- family(x)
critical <- qnorm((1 - {alpha})^(1 / sum(f$se > 0)) / 2 + 0.5)
show(c(tested(f$estimate, f$se, f$df, critical, critical, match("{country}", rownames(f))),
  ratio(x["log", 1], x["log_se", 1], x["df", 1])))
""",
    GAP_PAIRS: """\
x <- sapply(c("{country_a}", "{country_b}"), gap, "{level_a}", "{level_b}")
show(in_pairs(family(x), "{country_a}", "{country_b}"))
""",
}


def compared_lines(table: str, row: Mapping[str, str], study: Study) -> str:
    """Return the lines of R that compute the numbers of a row again.

    Args:
        table: one of :data:`COMPUTED`.
        row: its indicator, countries and levels.
        study: configuration and codebook.

    Raises:
        StudyError: if R's package has not the rule of the study.
    """
    functions = functions_in_r([table], study.codebook.indicator(row["indicator"]), study)
    return functions + call_in_r(table, row, study)


def functions_in_r(tables: Sequence[str], indicator: Indicator, study: Study) -> str:
    """Return what lines of R of an indicator have in common for the rows of some tables.

    Raises:
        StudyError: if R's package has not the rule of the study.
    """
    estimation, alpha = study.config.estimation, study.config.comparison.alpha
    values = {"upper": f"{(1 + estimation.confidence) / 2:g}", "alpha": f"{alpha:g}"}
    gaps, pairs = {GAPS, GAP_PAIRS} & {*tables}, {PAIRS, GAP_PAIRS} & {*tables}
    imputed = is_imputed(indicator)
    mean = MEANS[indicator.statistic]
    texts = [
        *(f"{line}\n" for line in packages(estimation)),
        _READ,
        _share() if imputed else "",
        (_WHOLE_IMPUTED if imputed else _WHOLE.replace("MEAN", mean)) if PAIRS in tables else "",
        (_GAP_IMPUTED if imputed else _GAP.replace("MEAN", mean)) if gaps else "",
        _TOGETHER,
        _TESTED.format_map(values),
        _IN_PAIRS.format_map(values) if pairs else "",
        _RATIO.format_map(values) if {PAIRS, GAPS} & {*tables} else "",
        _SHOW,
    ]
    return "".join(texts)


def call_in_r(table: str, row: Mapping[str, str], study: Study) -> str:
    """Return the lines that are a row's own, below :func:`functions_in_r`."""
    return _CALLS[table].format(**row, alpha=f"{study.config.comparison.alpha:g}").rstrip("\n")


def _share() -> str:
    return _SHARE.format(imputed="".join(f"  {line}\n" for line in IMPUTED.splitlines()))
