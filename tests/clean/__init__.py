"""Rosters that are lawful, written as clerks write them: nothing in them may be held back. Seeded; all persons are invented."""
