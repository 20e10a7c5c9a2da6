"""Everything that comes from outside without a form of ours."""
