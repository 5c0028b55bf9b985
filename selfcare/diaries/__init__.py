"""The symptom diary: what can be recorded (data packs), what a person keeps track of, what they wrote, and its charts."""
