"""Where workbooks come from: files, folders, archives, lists, addresses."""
