"""First files of a study, drafted from what stands in its raw files; a person decides the rest."""
