"""People are invited to act for one municipality of a region, by a link that works once."""
