"""A made-up country with many agreements, what its pages cost, and 200 people at once. See README.md."""
