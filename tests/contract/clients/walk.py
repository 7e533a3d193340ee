"""Looks through a whole answer for what a client could not make sense of; it raises no error for those."""

STRANGE = ("Unset", "Unknown", "Unrecognized")


def problems(node, path=""):
    """Places of fields that were left unset, of unknown variants, and of unrecognised values."""
    if type(node).__name__.startswith(STRANGE):
        yield f"{path}: {type(node).__name__}"
    elif isinstance(node, dict):
        for name, value in node.items():
            yield from problems(value, f"{path}.{name}")
    elif isinstance(node, (list, tuple)):
        for number, value in enumerate(node):
            yield from problems(value, f"{path}[{number}]")
    elif hasattr(type(node), "model_fields"):
        for name in type(node).model_fields:
            yield from problems(getattr(node, name), f"{path}.{name}")


def lost(sent, parsed, path=""):
    """Values of the JSON that the parsed answer has too, but differently."""
    if isinstance(sent, dict):
        for name, value in sent.items():
            if hasattr(type(parsed), "model_fields") and name in type(parsed).model_fields:
                yield from lost(value, getattr(parsed, name), f"{path}.{name}")
    elif isinstance(sent, list) and isinstance(parsed, list):
        if len(sent) != len(parsed):
            yield f"{path}: {len(sent)} became {len(parsed)}"
        for number, (one, other) in enumerate(zip(sent, parsed, strict=False)):
            yield from lost(one, other, f"{path}[{number}]")
    elif sent != parsed:
        yield f"{path}: {sent!r} became {parsed!r}"
