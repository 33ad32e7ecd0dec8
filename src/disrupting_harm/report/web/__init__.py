"""Pages of the web: site, explorer, and how numbers were made."""
