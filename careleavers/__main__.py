"""``python -m careleavers``."""

import sys

from careleavers.cli.commands import main

sys.exit(main())
