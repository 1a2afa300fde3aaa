"""The only room that speaks SQL: PostgreSQL is the log, and everything else is projected from it."""
