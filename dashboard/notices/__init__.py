"""Who is told what, by which way, and whether it arrived."""
