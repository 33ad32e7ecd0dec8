"""Tables and plots for print; they need the extra ``presentation`` of this package."""
