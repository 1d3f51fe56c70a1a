"""What tests share: databases, records to start from, and a client that looks at each page."""
