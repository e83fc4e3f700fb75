"""Keeps what a user added out of the figures that the committed notebooks are compared with."""

import os
import tempfile

os.environ["ANALYSIS_DATA"] = tempfile.mkdtemp(prefix="empty-")
