"""The nouns and the sockets of Octavo; no framework, no input or output."""
