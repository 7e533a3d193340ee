"""Reading order: what stands beside what, and what belongs to the edge of a page."""
