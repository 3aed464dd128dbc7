"""Pages of the financing room that belong to no single agreement."""
