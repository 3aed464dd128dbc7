"""Pages of an agreement: each fetches through `access`, binds a form, calls one service, redirects."""
