"""Lines to paragraphs, and paragraphs to blocks with their text: headings, lists, captions, code."""
