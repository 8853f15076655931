-- Create the database and its two roles, as PostgreSQL's superuser: psql -f database.sql, with OWNER_PASSWORD and
-- SITE_PASSWORD in the environment. Safe to run again: it changes nothing but the two passwords.
--
-- `campaign_hub_owner` owns the tables and migrates them. The site runs as `campaign_hub`, which owns nothing: after
-- each migration, `manage.py grant_site_role` lets it read and write rows. Why: docs/adr/0024-releases-and-roles.md.
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv site_password SITE_PASSWORD

SELECT format('CREATE ROLE %I LOGIN', name)
FROM unnest(ARRAY['campaign_hub_owner', 'campaign_hub']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE campaign_hub_owner PASSWORD :'owner_password';
ALTER ROLE campaign_hub PASSWORD :'site_password';

SELECT $$CREATE DATABASE campaign_hub OWNER campaign_hub_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'$$
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'campaign_hub') \gexec
REVOKE ALL ON DATABASE campaign_hub FROM PUBLIC;
GRANT CONNECT ON DATABASE campaign_hub TO campaign_hub;
