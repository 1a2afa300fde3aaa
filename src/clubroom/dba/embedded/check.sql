-- Whose data this PostgreSQL serves, and whether prepare.sql has ended once.
SHOW data_directory;
SELECT count(*) FROM pg_database WHERE datname = 'clubroom';
