#!/usr/bin/env python
"""Run a management command of the sandbox."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line


def main() -> None:
    """Put the sandbox's parent on the path, so that it is a package, and run."""
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sandbox.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
