"""What a page in small shows: where it is written on, and which words are hidden."""
