"""Bytes to pages: fetching, sniffing, PDF and images."""
