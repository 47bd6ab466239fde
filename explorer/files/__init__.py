"""What leaves the page: tables and figures as files."""
