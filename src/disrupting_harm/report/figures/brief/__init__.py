"""The small figures of a brief: a third of a page wide, each with its title, source and signs."""
