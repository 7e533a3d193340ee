"""Where pages are read: in spawned worker processes (`local`), or in this process (`inline`)."""
