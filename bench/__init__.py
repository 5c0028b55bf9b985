"""Speed, as ratios to the same work done bare beside it, in the same run. ``python -m bench``; docs/performance.md.

Nothing here is a test: machines that are shared drift by more than any change of ours, so no time is ever asserted.
"""
