"""Numbers of all countries together: averages, totals, their spread and prediction."""
