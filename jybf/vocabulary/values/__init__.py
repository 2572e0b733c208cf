"""The text of one cell → its value: one small module a kind, every function pure.

Each ``parse_*`` takes the non-empty text of a cell and returns its value, ``None`` for a way of writing "nothing",
or an :class:`Unreadable` with the reason a clerk will read. Nothing is ever guessed.
"""
