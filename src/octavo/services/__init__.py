"""What a caller can ask for: the use cases, one file each."""
