"""``jybf`` and ``python -m jybf``."""

import atexit
import gc
import os


def main() -> None:
    """Run the command line. A run is short, and what it loads makes many objects and no garbage: nobody looks for any."""
    gc.set_threshold(200_000)  # before the libraries are loaded: to look for garbage takes a tenth of their time
    atexit.register(gc.freeze)  # as it ends the interpreter would go through all objects, for memory that goes back anyway
    # One pool for Polars: a thread takes what another has freed, and the system is asked for a third less.
    os.environ.setdefault("_RJEM_MALLOC_CONF", "narenas:1")
    from jybf.cli import main as run

    run()


if __name__ == "__main__":
    main()
