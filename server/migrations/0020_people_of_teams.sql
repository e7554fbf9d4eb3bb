CREATE INDEX "users_users_teams" ON "users_users" USING gin ("teams") WHERE "users_users"."teams" <> '{}';--> statement-breakpoint
CREATE VIEW "public"."users_teams" AS (select id as user_id, teams from users_users);--> statement-breakpoint
CREATE OR REPLACE VIEW "public"."users_accounts" AS (
  select id, email, email_verified_at, name, username, locale, suspended_until, last_login_at, created_at,
    case when status = 'suspended' and suspended_until <= now() then 'active' else status end as status,
    status as stored_status, teams
  from users_users where erased_at is null);