"""The shapes of the wire, and how they become nouns of the domain and back."""
