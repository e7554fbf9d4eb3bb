CREATE TABLE "platform_job_keys" (
	"name" text NOT NULL,
	"key" text NOT NULL,
	"job_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"done_at" timestamp with time zone,
	CONSTRAINT "platform_job_keys_name_key_pk" PRIMARY KEY("name","key")
);
--> statement-breakpoint
CREATE TABLE "platform_job_schedules" (
	"name" text PRIMARY KEY NOT NULL,
	"cron" text NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "platform_captured_mails" (
	"id" uuid PRIMARY KEY NOT NULL,
	"message_id" text NOT NULL,
	"from" text NOT NULL,
	"to" text NOT NULL,
	"subject" text NOT NULL,
	"text" text NOT NULL,
	"html" text NOT NULL,
	"headers" jsonb NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "platform_captured_mails_message_id_unique" UNIQUE("message_id")
);
--> statement-breakpoint
CREATE TABLE "platform_events" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"outcome" text NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text,
	"on_behalf_of" text,
	"subject_id" text,
	"data" jsonb NOT NULL,
	"ip" "inet",
	"request_id" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "platform_events_actor_named" CHECK (("platform_events"."actor_kind" = 'anonymous') = ("platform_events"."actor_id" is null))
);
--> statement-breakpoint
CREATE TABLE "platform_idempotency_keys" (
	"principal" text NOT NULL,
	"route" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" "bytea" NOT NULL,
	"state" text NOT NULL,
	"owner" uuid NOT NULL,
	"lease_until" timestamp with time zone NOT NULL,
	"phases" "bytea"[] DEFAULT '{}' NOT NULL,
	"status" smallint,
	"headers" jsonb,
	"body" "bytea",
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "platform_idempotency_keys_principal_route_key_pk" PRIMARY KEY("principal","route","key")
);
--> statement-breakpoint
CREATE TABLE "platform_invalidations" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"topic" text NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "platform_job_outbox" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"key" text,
	"payload" jsonb NOT NULL,
	"origin" jsonb NOT NULL,
	"run_at" timestamp with time zone DEFAULT now() NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "platform_rate_limit_counts" (
	"key" text NOT NULL,
	"window_start" bigint NOT NULL,
	"hits" integer NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "platform_rate_limit_counts_key_window_start_pk" PRIMARY KEY("key","window_start")
);
--> statement-breakpoint
CREATE TABLE "platform_rate_limit_logs" (
	"key" text PRIMARY KEY NOT NULL,
	"hits" timestamp with time zone[] NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "platform_signing_keys" (
	"kid" text PRIMARY KEY NOT NULL,
	"algorithm" text NOT NULL,
	"public_jwk" jsonb NOT NULL,
	"private_sealed" "bytea" NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "access_grants" (
	"user_id" uuid NOT NULL,
	"role" text NOT NULL,
	"granted_by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "access_grants_user_id_role_pk" PRIMARY KEY("user_id","role")
);
--> statement-breakpoint
CREATE TABLE "admin_installer_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"hash" "bytea" NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "admin_installer_tokens_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "auth_api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"hint" text NOT NULL,
	"scopes" text[],
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "auth_credentials" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"password_hash" text NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "auth_mail_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"email" text NOT NULL,
	"user_id" uuid,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "auth_refresh_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"session_id" uuid NOT NULL,
	"parent_id" uuid,
	"spent_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "auth_sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"cookie_hash" "bytea",
	"ip" text,
	"user_agent" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"revoked_reason" text,
	CONSTRAINT "auth_sessions_cookie_has_hash" CHECK (("auth_sessions"."kind" = 'cookie') = ("auth_sessions"."cookie_hash" is not null))
);
--> statement-breakpoint
CREATE TABLE "auth_verifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"email" text NOT NULL,
	"password_hash" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "twofa_backup_codes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"factor_id" uuid NOT NULL,
	"number" smallint NOT NULL,
	"hash" text NOT NULL,
	"used_at" timestamp with time zone,
	CONSTRAINT "twofa_backup_codes_one_digit" CHECK ("twofa_backup_codes"."number" between 0 and 9)
);
--> statement-breakpoint
CREATE TABLE "twofa_factors" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"secret" "bytea" NOT NULL,
	"confirmed_at" timestamp with time zone,
	"last_step" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "twofa_pending_logins" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"factor_id" uuid NOT NULL,
	"mode" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "twofa_trusted_devices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"factor_id" uuid NOT NULL,
	"user_agent" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "twofa_wrong_codes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users_users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"email_verified_at" timestamp with time zone,
	"name" text,
	"username" text,
	"locale" text DEFAULT 'en' NOT NULL,
	"bio" text,
	"status" text DEFAULT 'active' NOT NULL,
	"profile_audience" text DEFAULT 'members' NOT NULL,
	"email_audience" text DEFAULT 'nobody' NOT NULL,
	"websocket_id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"last_login_at" timestamp with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_users_email_canonical" CHECK ("users_users"."email" = lower("users_users"."email"))
);
--> statement-breakpoint
ALTER TABLE "access_grants" ADD CONSTRAINT "access_grants_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth_api_keys" ADD CONSTRAINT "auth_api_keys_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth_credentials" ADD CONSTRAINT "auth_credentials_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth_mail_requests" ADD CONSTRAINT "auth_mail_requests_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth_refresh_tokens" ADD CONSTRAINT "auth_refresh_tokens_session_id_auth_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."auth_sessions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth_sessions" ADD CONSTRAINT "auth_sessions_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth_verifications" ADD CONSTRAINT "auth_verifications_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "twofa_backup_codes" ADD CONSTRAINT "twofa_backup_codes_factor_id_twofa_factors_id_fk" FOREIGN KEY ("factor_id") REFERENCES "public"."twofa_factors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "twofa_factors" ADD CONSTRAINT "twofa_factors_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "twofa_pending_logins" ADD CONSTRAINT "twofa_pending_logins_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "twofa_pending_logins" ADD CONSTRAINT "twofa_pending_logins_factor_id_twofa_factors_id_fk" FOREIGN KEY ("factor_id") REFERENCES "public"."twofa_factors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "twofa_trusted_devices" ADD CONSTRAINT "twofa_trusted_devices_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "twofa_trusted_devices" ADD CONSTRAINT "twofa_trusted_devices_factor_id_twofa_factors_id_fk" FOREIGN KEY ("factor_id") REFERENCES "public"."twofa_factors"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "twofa_wrong_codes" ADD CONSTRAINT "twofa_wrong_codes_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "platform_job_keys_job" ON "platform_job_keys" USING btree ("job_id");--> statement-breakpoint
CREATE INDEX "platform_job_keys_created" ON "platform_job_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "platform_captured_mails_to" ON "platform_captured_mails" USING btree ("to","at");--> statement-breakpoint
CREATE INDEX "platform_events_subject" ON "platform_events" USING btree ("subject_id","seq");--> statement-breakpoint
CREATE INDEX "platform_events_actor" ON "platform_events" USING btree ("actor_id","seq");--> statement-breakpoint
CREATE INDEX "platform_events_name" ON "platform_events" USING btree ("name","seq");--> statement-breakpoint
CREATE INDEX "platform_events_request" ON "platform_events" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "platform_idempotency_keys_expires" ON "platform_idempotency_keys" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "platform_invalidations_at" ON "platform_invalidations" USING btree ("at");--> statement-breakpoint
CREATE INDEX "platform_job_outbox_next" ON "platform_job_outbox" USING btree ("next_at");--> statement-breakpoint
CREATE INDEX "platform_rate_limit_counts_expires" ON "platform_rate_limit_counts" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "platform_rate_limit_logs_expires" ON "platform_rate_limit_logs" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "access_grants_role" ON "access_grants" USING btree ("role");--> statement-breakpoint
CREATE UNIQUE INDEX "auth_api_keys_hash" ON "auth_api_keys" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "auth_api_keys_user" ON "auth_api_keys" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "auth_mail_requests_email" ON "auth_mail_requests" USING btree ("email","purpose","created_at");--> statement-breakpoint
CREATE INDEX "auth_mail_requests_created" ON "auth_mail_requests" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "auth_refresh_tokens_session" ON "auth_refresh_tokens" USING btree ("session_id");--> statement-breakpoint
CREATE UNIQUE INDEX "auth_refresh_tokens_parent" ON "auth_refresh_tokens" USING btree ("parent_id");--> statement-breakpoint
CREATE UNIQUE INDEX "auth_sessions_cookie_hash" ON "auth_sessions" USING btree ("cookie_hash");--> statement-breakpoint
CREATE INDEX "auth_sessions_user" ON "auth_sessions" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "auth_verifications_user" ON "auth_verifications" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "twofa_backup_codes_number" ON "twofa_backup_codes" USING btree ("factor_id","number");--> statement-breakpoint
CREATE UNIQUE INDEX "twofa_factors_user" ON "twofa_factors" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "twofa_pending_logins_user" ON "twofa_pending_logins" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "twofa_pending_logins_factor" ON "twofa_pending_logins" USING btree ("factor_id");--> statement-breakpoint
CREATE INDEX "twofa_pending_logins_expires" ON "twofa_pending_logins" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "twofa_trusted_devices_user" ON "twofa_trusted_devices" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "twofa_trusted_devices_factor" ON "twofa_trusted_devices" USING btree ("factor_id");--> statement-breakpoint
CREATE INDEX "twofa_wrong_codes_user" ON "twofa_wrong_codes" USING btree ("user_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "users_users_email" ON "users_users" USING btree ("email");--> statement-breakpoint
CREATE UNIQUE INDEX "users_users_username" ON "users_users" USING btree (lower("username"));--> statement-breakpoint
CREATE INDEX "users_users_name_start" ON "users_users" USING btree (lower("name") text_pattern_ops);--> statement-breakpoint
CREATE INDEX "users_users_username_start" ON "users_users" USING btree (lower("username") text_pattern_ops);--> statement-breakpoint
CREATE INDEX "users_users_created" ON "users_users" USING btree ("created_at","id");--> statement-breakpoint
CREATE VIEW "public"."access_subjects" AS (
  select u.id as user_id, u.status,
    coalesce((select array_agg(g.role order by g.role) from access_grants g where g.user_id = u.id), '{}') as roles
  from users_users u);--> statement-breakpoint
CREATE VIEW "public"."twofa_enrolments" AS (select user_id from twofa_factors where confirmed_at is not null);