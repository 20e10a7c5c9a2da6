"""Pure decisions: no database, no settings, no clock of their own."""
