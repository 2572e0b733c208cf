"""The checks, one file a family: a check is one registered function (see :mod:`jybf.audit.registry`).

Importing this package registers them all; a file that is put here is found.
"""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
