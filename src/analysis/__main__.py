"""``python -m analysis`` is the same as ``analysis``."""

import sys

from analysis.cli import main

sys.exit(main())
