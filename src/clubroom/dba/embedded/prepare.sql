-- Run by the superuser in template1, once. The last statement is what says that all of it was done, so a start
-- that was cut off repeats it. Extensions are made here because some need a superuser; clubroom gets them by
-- being a copy.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS citext;
SELECT 'CREATE ROLE clubroom_owner LOGIN CREATEROLE'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'clubroom_owner') \gexec
-- Whoever makes a role may grant it and grant to it, as at a host that gives only an owner.
SET ROLE clubroom_owner;
SELECT 'CREATE ROLE clubroom_app LOGIN'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'clubroom_app') \gexec
RESET ROLE;
CREATE DATABASE clubroom OWNER clubroom_owner;
