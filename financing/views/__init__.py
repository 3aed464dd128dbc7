"""The pages of a plan, the same alone and within an agreement; see financing/place.py."""
