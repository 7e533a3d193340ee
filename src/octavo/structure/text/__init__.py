"""Words to lines, and what stands in them: hyphens, bullets, raised numbers, marks that Markdown would take."""
