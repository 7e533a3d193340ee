"""Pictures and drawings, with what is written on them."""
