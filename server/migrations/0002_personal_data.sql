CREATE TABLE "platform_event_details" (
	"event_id" uuid PRIMARY KEY NOT NULL,
	"about" text,
	"ip" text NOT NULL,
	"salt" "bytea" NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "auth_email_changes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"old_email" text NOT NULL,
	"new_email" text NOT NULL,
	"session_id" uuid,
	"old_confirmed_at" timestamp with time zone,
	"new_confirmed_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"outcome" text,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "auth_email_changes_ended_has_outcome" CHECK (("auth_email_changes"."ended_at" is null) = ("auth_email_changes"."outcome" is null))
);
--> statement-breakpoint
CREATE TABLE "privacy_erasures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"requested_at" timestamp with time zone DEFAULT now() NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"withdrawn_at" timestamp with time zone,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	CONSTRAINT "privacy_erasures_started_or_withdrawn" CHECK ("privacy_erasures"."started_at" is null or "privacy_erasures"."withdrawn_at" is null)
);
--> statement-breakpoint
CREATE TABLE "privacy_exports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"size_bytes" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ready_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "privacy_exports_ready_has_size" CHECK ("privacy_exports"."status" <> 'ready' or "privacy_exports"."size_bytes" is not null)
);
--> statement-breakpoint
ALTER TABLE "platform_events" ADD COLUMN "details_hash" "bytea";--> statement-breakpoint
ALTER TABLE "auth_credentials" ADD COLUMN "changed_from" text;--> statement-breakpoint
ALTER TABLE "users_users" ADD COLUMN "time_zone" text;--> statement-breakpoint
ALTER TABLE "users_users" ADD COLUMN "avatar_url" text;--> statement-breakpoint
ALTER TABLE "users_users" ADD COLUMN "name_audience" text DEFAULT 'public' NOT NULL;--> statement-breakpoint
ALTER TABLE "users_users" ADD COLUMN "bio_audience" text DEFAULT 'public' NOT NULL;--> statement-breakpoint
ALTER TABLE "users_users" ADD COLUMN "avatar_audience" text DEFAULT 'public' NOT NULL;--> statement-breakpoint
ALTER TABLE "users_users" ADD COLUMN "erased_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "auth_email_changes" ADD CONSTRAINT "auth_email_changes_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "privacy_erasures" ADD CONSTRAINT "privacy_erasures_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "privacy_exports" ADD CONSTRAINT "privacy_exports_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "platform_event_details_about" ON "platform_event_details" USING btree ("about");--> statement-breakpoint
CREATE INDEX "platform_event_details_at" ON "platform_event_details" USING btree ("at");--> statement-breakpoint
CREATE INDEX "auth_email_changes_user" ON "auth_email_changes" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "auth_email_changes_new" ON "auth_email_changes" USING btree ("new_email","created_at");--> statement-breakpoint
CREATE INDEX "auth_email_changes_expires" ON "auth_email_changes" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "auth_email_changes_open" ON "auth_email_changes" USING btree ("user_id") WHERE "auth_email_changes"."ended_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "privacy_erasures_open" ON "privacy_erasures" USING btree ("user_id") WHERE "privacy_erasures"."withdrawn_at" is null;--> statement-breakpoint
CREATE INDEX "privacy_erasures_due" ON "privacy_erasures" USING btree ("due_at") WHERE "privacy_erasures"."withdrawn_at" is null and "privacy_erasures"."finished_at" is null;--> statement-breakpoint
CREATE INDEX "privacy_exports_user" ON "privacy_exports" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "privacy_exports_expires" ON "privacy_exports" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "privacy_exports_pending" ON "privacy_exports" USING btree ("user_id") WHERE "privacy_exports"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "platform_events_behalf" ON "platform_events" USING btree ("on_behalf_of","seq") WHERE "platform_events"."on_behalf_of" is not null;--> statement-breakpoint
CREATE INDEX "users_users_email_start" ON "users_users" USING btree ("email" text_pattern_ops);--> statement-breakpoint
ALTER TABLE "users_users" ADD CONSTRAINT "users_users_erased_is_deleted" CHECK ("users_users"."erased_at" is null or "users_users"."status" = 'deleted');