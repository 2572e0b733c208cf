"""jybf: employment-assistance subsidies (就业帮扶) computed and audited from spreadsheets, clause by clause."""

__version__ = "0.1.0"
