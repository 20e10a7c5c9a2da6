"""Mails that follow from events: who gets which, once, and how it reads."""
