"""What a phone needs in order to write without signal: its person's key, and the few facts that forms need."""
