"""What readers take along: figures as files, tables, the catalogue of both."""
