"""PDF through PDFium: what lies on a page, what forms hold, and its pixels."""
