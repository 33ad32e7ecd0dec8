"""The simulated study: a population of children, a sample drawn from it, and the true values."""
