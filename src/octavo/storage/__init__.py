"""What is kept on disk beyond one request."""
