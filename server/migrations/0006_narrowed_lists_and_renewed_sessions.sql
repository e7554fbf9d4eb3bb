ALTER TABLE "auth_sessions" ADD COLUMN "renewed_as" uuid;--> statement-breakpoint
CREATE INDEX "invitations_invitations_status" ON "invitations_invitations" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "users_users_closed" ON "users_users" USING btree ("created_at","id") WHERE "users_users"."status" <> 'active';--> statement-breakpoint
CREATE INDEX "users_users_unverified" ON "users_users" USING btree ("created_at","id") WHERE "users_users"."email_verified_at" is null;--> statement-breakpoint
CREATE INDEX "users_users_nameless" ON "users_users" USING btree ("created_at","id") WHERE "users_users"."username" is null;--> statement-breakpoint
CREATE INDEX "users_users_unproven" ON "users_users" USING btree ("updated_at") WHERE "users_users"."email_verified_at" is null and "users_users"."status" = 'active';