DROP INDEX "platform_invalidations_at";--> statement-breakpoint
ALTER TABLE "platform_invalidations" ADD COLUMN "written_by" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
CREATE INDEX "platform_invalidations_written" ON "platform_invalidations" USING btree ("written_by");--> statement-breakpoint
CREATE VIEW "public"."users_logins" AS (
  select id as user_id, email, lower(username) as username, status, email_verified_at is not null as is_verified
  from users_users);