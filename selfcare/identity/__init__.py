"""Who is at the door: passwords, server-side sessions, throttle, invitations."""
