"""Damage by chance, the same each time it is asked for."""

import hashlib
import random


def noise(seed, size):
    """``size`` bytes without a meaning."""
    return hashlib.shake_128(str(seed).encode()).digest(size)


def chance(seed):
    """A die whose throws are known."""
    return random.Random(seed)  # noqa: S311


def flipped(data, seed, times, low=0, high=None):
    """``data`` with bits flipped between two places."""
    die, changed = chance(seed), bytearray(data)
    for _ in range(times):
        changed[die.randrange(low, high or len(changed))] ^= 1 << die.randrange(8)
    return bytes(changed)
