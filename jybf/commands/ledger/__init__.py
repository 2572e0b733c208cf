"""``jybf ledger``: what was approved, paid and returned, kept in a database that refuses the second payment."""
