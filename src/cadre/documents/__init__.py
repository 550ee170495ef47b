"""Reports as documents to print, send and keep: tagged PDF, set by typst without a browser."""
