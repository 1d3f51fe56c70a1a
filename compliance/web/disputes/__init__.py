"""What the services of a company can do, as government disputes it."""
