CREATE INDEX "users_users_standing" ON "users_users" USING btree ("status","id") WHERE "users_users"."status" <> 'active' and "users_users"."erased_at" is null;--> statement-breakpoint
CREATE OR REPLACE VIEW "public"."users_accounts" AS (
  select id, email, email_verified_at, name, username, locale, suspended_until, last_login_at, created_at,
    case when status = 'suspended' and suspended_until <= now() then 'active' else status end as status,
    status as stored_status
  from users_users where erased_at is null);
