"""The Voluntary Principles tracker: self-assessment, review, gap reports and reminders."""
