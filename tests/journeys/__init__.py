"""People use the product in a real browser: Given, When, Then."""
