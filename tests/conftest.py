"""For all tests."""

from __future__ import annotations

import signal

# Whoever starts the tests in the background lets them ignore Ctrl-C, and all programs that they start with them.
signal.signal(signal.SIGINT, signal.default_int_handler)
