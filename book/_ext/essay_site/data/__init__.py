"""What readers take along: figures as files, tables and their descriptions, the catalogue."""
