"""The codes of findings that a pack may name: those of the catalogue in ``rules/checks``."""

from functools import cache

from jybf.vocabulary.fields import rules_dir


@cache
def known_codes() -> frozenset[str]:
    """JY101 … as ``rules/checks/*.toml`` lists them."""
    import tomllib  # of no use where the rules are compiled

    paths = sorted((rules_dir() / "checks").glob("*.toml"))
    tables = (tomllib.loads(path.read_text(encoding="utf-8")).get("check", []) for path in paths)
    return frozenset(str(check["code"]) for each in tables for check in each if "code" in check)
