"""``python -m careleavers``."""

import sys

from careleavers.cli import main

sys.exit(main())
