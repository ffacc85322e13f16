"""What a file is, and a reader for each format that it may have."""
