"""The workbench: what a person sees in a browser. It asks the API like any other client."""
