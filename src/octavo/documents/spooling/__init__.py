"""Bytes to disk: hashed and counted as they come, never decoded."""
