ALTER TABLE "auth_sessions" ADD COLUMN "first_factor" text DEFAULT 'password' NOT NULL;--> statement-breakpoint
ALTER TABLE "auth_sessions" ADD COLUMN "second_factor" text;--> statement-breakpoint
ALTER TABLE "auth_sessions" ADD COLUMN "credential_id" uuid;--> statement-breakpoint
ALTER TABLE "auth_sessions" ADD COLUMN "proven_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "twofa_pending_logins" ADD COLUMN "first_factor" text DEFAULT 'password' NOT NULL;--> statement-breakpoint
ALTER TABLE "twofa_pending_logins" ADD COLUMN "credential_id" uuid;--> statement-breakpoint
-- A session that was there before has shown its factor when it began, not when this ran.
UPDATE "auth_sessions" SET "proven_at" = "created_at";
