"""How a document becomes Markdown: one page in a worker, then all pages together."""
