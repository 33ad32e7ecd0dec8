"""The study: configuration, codebook, reading and simulating data, frame contracts."""
