"""What changed between two runs: numbers, verdicts, sentences and figures of their public files."""
