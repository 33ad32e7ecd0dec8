"""What of the evidence may be published, and the contracts of its tables."""
