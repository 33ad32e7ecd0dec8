"""From selection probabilities to weights: non-response, trimming, raking."""
