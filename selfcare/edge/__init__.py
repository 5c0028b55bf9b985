"""What every door shares: who may enter, how bodies are read, how answers are dressed."""
