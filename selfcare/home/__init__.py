"""The first page after sign-in, and what belongs to no other room: More, help, sharing, the shell of the phone app, health."""
