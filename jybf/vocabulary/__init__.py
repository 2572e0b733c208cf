"""What a noun is, said once: fields and their types, facts, keys, roles and kinds of amount."""
