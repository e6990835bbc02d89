"""Timers and the weekly plan: what is to happen later, by whose word, and what became of it."""
