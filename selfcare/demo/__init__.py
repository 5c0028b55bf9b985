"""Demonstration people and their life-like data: weekday patterns, missing days, a flare-up, fading adherence."""
