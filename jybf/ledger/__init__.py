"""What was approved, paid and returned, in a database that refuses the second payment."""
