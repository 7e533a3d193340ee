"""Words, rules and pictures of one page to blocks in reading order. Pure functions; no pixels, no models."""
