"""The Mistral-compatible wire: HTTP in front of the services."""
