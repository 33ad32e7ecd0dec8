"""The brief of one country: two pages for those who decide."""
