"""What leads from every version of the tables to this one; `upgrade.py` runs it."""
