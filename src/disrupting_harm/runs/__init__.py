"""A study on this machine: what is checked before a run and after it, the run, and previews."""
