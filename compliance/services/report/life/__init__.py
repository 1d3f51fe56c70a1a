"""The life of a report: drafts, approval, release, files, many at once. Its facts come from `reports` beside it."""
