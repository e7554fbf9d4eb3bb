ALTER TABLE "auth_api_keys" ADD COLUMN "last_used_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "auth_api_keys" ADD COLUMN "last_used_ip" text;