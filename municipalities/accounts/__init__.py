"""Logging in: passwords, codes, other providers, sessions, and what a person sees of it."""
