"""Change between the waves of one country."""
