"""The household's side: one topic per room, each with its routes, its rules and its tables."""
