"""Lawful rosters, each with rows that contradict themselves, each other, a list or what was paid before."""
