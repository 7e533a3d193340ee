"""One resource each: parse, call one service, answer."""
