"""Documents to disk, wherever they are: behind a URL, inside the request, uploaded before, or at hand."""
