"""Web push: the phones that take reminders, which services may be contacted, and the sender."""
