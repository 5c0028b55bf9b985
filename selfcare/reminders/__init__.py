"""Reminders: the wish (Reminder), its instants (Occurrence), each attempt to reach the person (Delivery)."""
