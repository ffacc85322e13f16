"""Word files (.docx, and templates and files with macros alike)."""
