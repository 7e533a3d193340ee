"""Blocks to text: Markdown, tables, confidences. Pure functions."""
