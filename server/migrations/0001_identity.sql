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
CREATE TABLE "auth_known_devices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "auth_passkey_challenges" (
	"id" uuid PRIMARY KEY NOT NULL,
	"ceremony" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"bound_to" "bytea" NOT NULL,
	"user_id" uuid,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "auth_passkey_handles" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"handle" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "auth_passkeys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"credential_id" "bytea" NOT NULL,
	"public_key" "bytea" NOT NULL,
	"counter" bigint NOT NULL,
	"transports" text[] NOT NULL,
	"aaguid" uuid NOT NULL,
	"is_backup_eligible" boolean NOT NULL,
	"is_backed_up" boolean NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "auth_sign_in_failures" (
	"subject" text PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"locked_until" timestamp with time zone,
	"last_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invitations_mails" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invitations_invitations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"role" text NOT NULL,
	"name" text,
	"message" text,
	"invited_by" uuid NOT NULL,
	"mail_id" uuid NOT NULL,
	"sent_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"ended_at" timestamp with time zone,
	"accepted_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "invitations_invitations_ended" CHECK (("invitations_invitations"."status" = 'pending') = ("invitations_invitations"."ended_at" is null)),
	CONSTRAINT "invitations_invitations_email_canonical" CHECK ("invitations_invitations"."email" = lower("invitations_invitations"."email"))
);
--> statement-breakpoint
CREATE TABLE "oidc_attempts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider_id" text NOT NULL,
	"purpose" text NOT NULL,
	"mode" text NOT NULL,
	"redirect_to" text NOT NULL,
	"browser_hash" "bytea" NOT NULL,
	"code_challenge" text,
	"user_id" uuid,
	"session_id" uuid,
	"identity_id" uuid,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"completed_at" timestamp with time zone,
	"exchanged_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "oidc_attempts_link_has_session" CHECK (("oidc_attempts"."purpose" = 'link') = ("oidc_attempts"."user_id" is not null and "oidc_attempts"."session_id" is not null)),
	CONSTRAINT "oidc_attempts_token_has_challenge" CHECK (("oidc_attempts"."mode" = 'token') = ("oidc_attempts"."code_challenge" is not null))
);
--> statement-breakpoint
CREATE TABLE "oidc_identities" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"email" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone DEFAULT now() NOT NULL,
	"removed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "oidc_token_sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"identity_id" uuid NOT NULL,
	"sign_in_id" text NOT NULL,
	"session_id" uuid NOT NULL,
	"forget_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
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
ALTER TABLE "platform_signing_keys" ALTER COLUMN "public_jwk" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "platform_signing_keys" ALTER COLUMN "private_sealed" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "platform_events" ADD COLUMN "details_hash" "bytea";--> statement-breakpoint
ALTER TABLE "platform_idempotency_keys" ADD COLUMN "request" "bytea";--> statement-breakpoint
ALTER TABLE "platform_idempotency_keys" ADD COLUMN "attempts" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "platform_signing_keys" ADD COLUMN "kms_key_arn" text;--> statement-breakpoint
ALTER TABLE "platform_signing_keys" ADD COLUMN "signs_from" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "platform_signing_keys" ADD COLUMN "tokens_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "platform_signing_keys" ADD COLUMN "retired_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "auth_api_keys" ADD COLUMN "requests_per_minute" integer;--> statement-breakpoint
ALTER TABLE "auth_api_keys" ADD COLUMN "last_used_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "auth_api_keys" ADD COLUMN "last_used_ip" text;--> statement-breakpoint
ALTER TABLE "auth_credentials" ADD COLUMN "changed_from" text;--> statement-breakpoint
ALTER TABLE "auth_mail_requests" ADD COLUMN "attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "auth_sessions" ADD COLUMN "first_factor" text DEFAULT 'password' NOT NULL;--> statement-breakpoint
ALTER TABLE "auth_sessions" ADD COLUMN "second_factor" text;--> statement-breakpoint
ALTER TABLE "auth_sessions" ADD COLUMN "credential_id" uuid;--> statement-breakpoint
ALTER TABLE "auth_sessions" ADD COLUMN "proven_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "twofa_pending_logins" ADD COLUMN "first_factor" text DEFAULT 'password' NOT NULL;--> statement-breakpoint
ALTER TABLE "twofa_pending_logins" ADD COLUMN "credential_id" uuid;--> statement-breakpoint
ALTER TABLE "users_users" ADD COLUMN "time_zone" text;--> statement-breakpoint
ALTER TABLE "users_users" ADD COLUMN "avatar_url" text;--> statement-breakpoint
ALTER TABLE "users_users" ADD COLUMN "name_audience" text DEFAULT 'public' NOT NULL;--> statement-breakpoint
ALTER TABLE "users_users" ADD COLUMN "bio_audience" text DEFAULT 'public' NOT NULL;--> statement-breakpoint
ALTER TABLE "users_users" ADD COLUMN "avatar_audience" text DEFAULT 'public' NOT NULL;--> statement-breakpoint
ALTER TABLE "users_users" ADD COLUMN "erased_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "auth_email_changes" ADD CONSTRAINT "auth_email_changes_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth_known_devices" ADD CONSTRAINT "auth_known_devices_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth_passkey_challenges" ADD CONSTRAINT "auth_passkey_challenges_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth_passkey_handles" ADD CONSTRAINT "auth_passkey_handles_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth_passkeys" ADD CONSTRAINT "auth_passkeys_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations_invitations" ADD CONSTRAINT "invitations_invitations_invited_by_users_users_id_fk" FOREIGN KEY ("invited_by") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations_invitations" ADD CONSTRAINT "invitations_invitations_accepted_by_users_users_id_fk" FOREIGN KEY ("accepted_by") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oidc_attempts" ADD CONSTRAINT "oidc_attempts_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oidc_attempts" ADD CONSTRAINT "oidc_attempts_identity_id_oidc_identities_id_fk" FOREIGN KEY ("identity_id") REFERENCES "public"."oidc_identities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oidc_identities" ADD CONSTRAINT "oidc_identities_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oidc_token_sessions" ADD CONSTRAINT "oidc_token_sessions_identity_id_oidc_identities_id_fk" FOREIGN KEY ("identity_id") REFERENCES "public"."oidc_identities"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "privacy_erasures" ADD CONSTRAINT "privacy_erasures_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "privacy_exports" ADD CONSTRAINT "privacy_exports_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "platform_event_details_about" ON "platform_event_details" USING btree ("about");--> statement-breakpoint
CREATE INDEX "platform_event_details_at" ON "platform_event_details" USING btree ("at");--> statement-breakpoint
CREATE INDEX "auth_email_changes_user" ON "auth_email_changes" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "auth_email_changes_new" ON "auth_email_changes" USING btree ("new_email","created_at");--> statement-breakpoint
CREATE INDEX "auth_email_changes_expires" ON "auth_email_changes" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "auth_email_changes_open" ON "auth_email_changes" USING btree ("user_id") WHERE "auth_email_changes"."ended_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "auth_known_devices_token" ON "auth_known_devices" USING btree ("user_id","token_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "auth_passkey_challenges_hash" ON "auth_passkey_challenges" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "auth_passkey_challenges_expires" ON "auth_passkey_challenges" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "auth_passkeys_credential" ON "auth_passkeys" USING btree ("credential_id");--> statement-breakpoint
CREATE INDEX "auth_passkeys_user" ON "auth_passkeys" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "auth_sign_in_failures_last" ON "auth_sign_in_failures" USING btree ("last_at");--> statement-breakpoint
CREATE INDEX "invitations_mails_email" ON "invitations_mails" USING btree ("email","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_invitations_mail" ON "invitations_invitations" USING btree ("mail_id");--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_invitations_waiting" ON "invitations_invitations" USING btree ("email") WHERE "invitations_invitations"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "oidc_attempts_expires" ON "oidc_attempts" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "oidc_identities_subject" ON "oidc_identities" USING btree ("issuer","subject");--> statement-breakpoint
CREATE INDEX "oidc_identities_user" ON "oidc_identities" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "oidc_token_sessions_sign_in" ON "oidc_token_sessions" USING btree ("identity_id","sign_in_id");--> statement-breakpoint
CREATE INDEX "oidc_token_sessions_forget" ON "oidc_token_sessions" USING btree ("forget_at");--> statement-breakpoint
CREATE UNIQUE INDEX "privacy_erasures_open" ON "privacy_erasures" USING btree ("user_id") WHERE "privacy_erasures"."withdrawn_at" is null;--> statement-breakpoint
CREATE INDEX "privacy_erasures_due" ON "privacy_erasures" USING btree ("due_at") WHERE "privacy_erasures"."withdrawn_at" is null and "privacy_erasures"."finished_at" is null;--> statement-breakpoint
CREATE INDEX "privacy_exports_user" ON "privacy_exports" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "privacy_exports_expires" ON "privacy_exports" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "privacy_exports_pending" ON "privacy_exports" USING btree ("user_id") WHERE "privacy_exports"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "platform_events_behalf" ON "platform_events" USING btree ("on_behalf_of","seq") WHERE "platform_events"."on_behalf_of" is not null;--> statement-breakpoint
CREATE INDEX "platform_idempotency_keys_unfinished" ON "platform_idempotency_keys" USING btree ("lease_until") WHERE "platform_idempotency_keys"."state" = 'in_progress' and "platform_idempotency_keys"."request" is not null;--> statement-breakpoint
CREATE INDEX "users_users_email_start" ON "users_users" USING btree ("email" text_pattern_ops);--> statement-breakpoint
ALTER TABLE "platform_signing_keys" ADD CONSTRAINT "platform_signing_keys_one_place" CHECK (("platform_signing_keys"."kms_key_arn" is null) <> ("platform_signing_keys"."private_sealed" is null));--> statement-breakpoint
ALTER TABLE "platform_signing_keys" ADD CONSTRAINT "platform_signing_keys_secret_unpublished" CHECK (("platform_signing_keys"."algorithm" = 'HS256') = ("platform_signing_keys"."public_jwk" is null));--> statement-breakpoint
ALTER TABLE "users_users" ADD CONSTRAINT "users_users_erased_is_deleted" CHECK ("users_users"."erased_at" is null or "users_users"."status" = 'deleted');
--> statement-breakpoint
-- A session that was there before has shown its factor when it began, not when this ran.
UPDATE "auth_sessions" SET "proven_at" = "created_at";
--> statement-breakpoint
-- Keys that were there sign from when they were made, and what was retired stays so.
UPDATE "platform_signing_keys" SET "signs_from" = "created_at",
  "retired_at" = CASE WHEN "state" = 'retired' THEN now() END;
--> statement-breakpoint
-- Addresses move beside their facts, where they can be forgotten. Facts from before carry no hash of them.
INSERT INTO "platform_event_details" ("event_id", "about", "ip", "salt", "at")
SELECT "id", CASE WHEN "actor_kind" = 'user' THEN "actor_id" ELSE coalesce("on_behalf_of", "subject_id") END,
  host("ip"), uuid_send(gen_random_uuid()), "at"
FROM "platform_events" WHERE "ip" IS NOT NULL;
