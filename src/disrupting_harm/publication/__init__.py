"""What may be published: policies, precision, disclosure control and the public forms."""
