"""PDF files: pages to lines, columns, paragraphs; scanned pages by text recognition."""
