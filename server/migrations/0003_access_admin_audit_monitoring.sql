CREATE TABLE "platform_event_heads" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"number" bigint NOT NULL,
	"document" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "platform_event_readers" (
	"name" text PRIMARY KEY NOT NULL,
	"position" bigint NOT NULL,
	"event_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "platform_event_seals" (
	"number" bigint PRIMARY KEY NOT NULL,
	"event_id" uuid NOT NULL,
	"position" bigint NOT NULL,
	"hash" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "access_roles" (
	"name" text PRIMARY KEY NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"rules" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"is_built_in" boolean DEFAULT false NOT NULL,
	"shipped" text[] DEFAULT '{}' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "access_roles_name" CHECK ("access_roles"."name" ~ '^[a-z][a-z0-9_]{1,39}$')
);
--> statement-breakpoint
CREATE TABLE "admin_interventions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"reason" text NOT NULL,
	"by" text NOT NULL,
	"until" timestamp with time zone,
	"lifted_at" timestamp with time zone,
	"lifted_by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "admin_service_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"scopes" text[] NOT NULL,
	"is_read_only" boolean NOT NULL,
	"hash" "bytea" NOT NULL,
	"hint" text NOT NULL,
	"previous_hash" "bytea",
	"previous_until" timestamp with time zone,
	"backed_by" uuid NOT NULL,
	"requests_per_minute" integer,
	"expires_at" timestamp with time zone NOT NULL,
	"last_used_at" timestamp with time zone,
	"rotated_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "admin_service_tokens_previous_ends" CHECK (("admin_service_tokens"."previous_hash" is null) = ("admin_service_tokens"."previous_until" is null))
);
--> statement-breakpoint
CREATE TABLE "audit_verifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"verdict" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "impersonation_impersonations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"impersonator_id" uuid NOT NULL,
	"impersonator_session_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"minutes" integer NOT NULL,
	"token_expires_at" timestamp with time zone NOT NULL,
	"begun_at" timestamp with time zone,
	"session_id" uuid,
	"ends_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "monitoring_alerts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"severity" text NOT NULL,
	"by" text NOT NULL,
	"key" text NOT NULL,
	"count" integer NOT NULL,
	"threshold" integer NOT NULL,
	"window_seconds" integer NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"first_event_id" uuid,
	"last_event_id" uuid,
	"status" text DEFAULT 'open' NOT NULL,
	"acknowledged_at" timestamp with time zone,
	"acknowledged_by" text,
	"note" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "monitoring_alerts_acknowledged" CHECK (("monitoring_alerts"."status" = 'acknowledged') = ("monitoring_alerts"."acknowledged_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "monitoring_event_counts" (
	"minute" timestamp with time zone NOT NULL,
	"type" text NOT NULL,
	"ip" text NOT NULL,
	"subject_id" text NOT NULL,
	"count" integer NOT NULL,
	"unalerted" integer NOT NULL,
	CONSTRAINT "monitoring_event_counts_minute_type_ip_subject_id_pk" PRIMARY KEY("minute","type","ip","subject_id")
);
--> statement-breakpoint
CREATE TABLE "monitoring_recorders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"flushes" integer NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "monitoring_request_figures" (
	"span_seconds" integer NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"method" text NOT NULL,
	"route" text NOT NULL,
	"status_class" smallint NOT NULL,
	"count" integer NOT NULL,
	"sum_ms" double precision NOT NULL,
	"min_ms" double precision NOT NULL,
	"max_ms" double precision NOT NULL,
	"bins" smallint[] NOT NULL,
	"counts" integer[] NOT NULL,
	CONSTRAINT "monitoring_request_figures_pk" PRIMARY KEY("span_seconds","starts_at","method","route","status_class"),
	CONSTRAINT "monitoring_request_figures_bins" CHECK (cardinality("monitoring_request_figures"."bins") = cardinality("monitoring_request_figures"."counts"))
);
--> statement-breakpoint
CREATE TABLE "monitoring_slow_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request_id" text NOT NULL,
	"method" text NOT NULL,
	"route" text NOT NULL,
	"status" smallint NOT NULL,
	"duration_ms" double precision NOT NULL,
	"user_id" uuid,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "monitoring_thresholds" (
	"type" text PRIMARY KEY NOT NULL,
	"is_enabled" boolean NOT NULL,
	"threshold" integer NOT NULL,
	"window_seconds" integer NOT NULL,
	"severity" text NOT NULL,
	"cool_down_seconds" integer NOT NULL,
	"min_requests" integer,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "monitoring_thresholds_positive" CHECK ("monitoring_thresholds"."threshold" > 0)
);
--> statement-breakpoint
CREATE TABLE "monitoring_totals" (
	"kind" text NOT NULL,
	"type" text NOT NULL,
	"severity" text NOT NULL,
	"total" bigint NOT NULL,
	CONSTRAINT "monitoring_totals_kind_type_severity_pk" PRIMARY KEY("kind","type","severity")
);
--> statement-breakpoint
-- What was granted before goes on: the rules of these roles are written after every migration.
INSERT INTO "access_roles" ("name", "is_built_in")
SELECT unnest(array['super_admin', 'admin', 'moderator', 'editor', 'support', 'finance', 'employee', 'provider', 'member']), true;
--> statement-breakpoint
INSERT INTO "access_roles" ("name")
SELECT DISTINCT "role" FROM "access_grants" WHERE "role" ~ '^[a-z][a-z0-9_]{1,39}$' ON CONFLICT DO NOTHING;
--> statement-breakpoint
DROP INDEX "platform_invalidations_at";--> statement-breakpoint
DROP INDEX "platform_rate_limit_logs_expires";--> statement-breakpoint
DROP INDEX "platform_events_subject";--> statement-breakpoint
DROP INDEX "platform_events_actor";--> statement-breakpoint
DROP INDEX "platform_events_behalf";--> statement-breakpoint
DROP INDEX "platform_events_name";--> statement-breakpoint
ALTER TABLE "platform_event_details" ALTER COLUMN "ip" DROP NOT NULL;--> statement-breakpoint
-- By hand: the old primary key makes room for the new one.
ALTER TABLE "platform_events" DROP CONSTRAINT "platform_events_pkey";--> statement-breakpoint
ALTER TABLE "platform_events" ADD PRIMARY KEY ("id");--> statement-breakpoint
ALTER TABLE "platform_events" ALTER COLUMN "seq" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "platform_events" ALTER COLUMN "at" SET DEFAULT clock_timestamp();--> statement-breakpoint
ALTER TABLE "platform_event_details" ADD COLUMN "personal_of" text;--> statement-breakpoint
ALTER TABLE "platform_event_details" ADD COLUMN "personal" json;--> statement-breakpoint
ALTER TABLE "platform_events" ADD COLUMN "position" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "platform_invalidations" ADD COLUMN "written_by" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
ALTER TABLE "auth_sessions" ADD COLUMN "elevated_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "auth_sessions" ADD COLUMN "impersonator_session_id" uuid;--> statement-breakpoint
ALTER TABLE "auth_sessions" ADD COLUMN "impersonation_reason" text;--> statement-breakpoint
ALTER TABLE "users_users" ADD COLUMN "is_email_on_trust" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "users_users" ADD COLUMN "suspended_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users_users" ADD COLUMN "teams" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "admin_interventions" ADD CONSTRAINT "admin_interventions_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "admin_service_tokens" ADD CONSTRAINT "admin_service_tokens_backed_by_users_users_id_fk" FOREIGN KEY ("backed_by") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "impersonation_impersonations" ADD CONSTRAINT "impersonation_impersonations_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "impersonation_impersonations" ADD CONSTRAINT "impersonation_impersonations_impersonator_id_users_users_id_fk" FOREIGN KEY ("impersonator_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "platform_event_heads_kind" ON "platform_event_heads" USING btree ("kind","number");--> statement-breakpoint
CREATE INDEX "admin_interventions_user" ON "admin_interventions" USING btree ("user_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "admin_service_tokens_hash" ON "admin_service_tokens" USING btree ("hash");--> statement-breakpoint
CREATE UNIQUE INDEX "admin_service_tokens_previous" ON "admin_service_tokens" USING btree ("previous_hash");--> statement-breakpoint
CREATE INDEX "admin_service_tokens_backed_by" ON "admin_service_tokens" USING btree ("backed_by");--> statement-breakpoint
CREATE INDEX "audit_verifications_at" ON "audit_verifications" USING btree ("at");--> statement-breakpoint
CREATE INDEX "impersonation_impersonations_user" ON "impersonation_impersonations" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "impersonation_impersonations_impersonator" ON "impersonation_impersonations" USING btree ("impersonator_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "impersonation_impersonations_session" ON "impersonation_impersonations" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "impersonation_impersonations_created" ON "impersonation_impersonations" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "monitoring_alerts_key" ON "monitoring_alerts" USING btree ("type","by","key","last_at");--> statement-breakpoint
CREATE INDEX "monitoring_alerts_type" ON "monitoring_alerts" USING btree ("type","id");--> statement-breakpoint
CREATE INDEX "monitoring_alerts_severity" ON "monitoring_alerts" USING btree ("severity","id");--> statement-breakpoint
CREATE INDEX "monitoring_alerts_status" ON "monitoring_alerts" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "monitoring_alerts_about" ON "monitoring_alerts" USING btree ("key");--> statement-breakpoint
CREATE INDEX "monitoring_alerts_last" ON "monitoring_alerts" USING btree ("last_at");--> statement-breakpoint
CREATE INDEX "monitoring_event_counts_ip" ON "monitoring_event_counts" USING btree ("type","ip","minute");--> statement-breakpoint
CREATE INDEX "monitoring_event_counts_subject" ON "monitoring_event_counts" USING btree ("type","subject_id","minute");--> statement-breakpoint
CREATE INDEX "monitoring_event_counts_about" ON "monitoring_event_counts" USING btree ("subject_id");--> statement-breakpoint
CREATE INDEX "monitoring_recorders_at" ON "monitoring_recorders" USING btree ("at");--> statement-breakpoint
CREATE INDEX "monitoring_slow_requests_route" ON "monitoring_slow_requests" USING btree ("route","id");--> statement-breakpoint
CREATE INDEX "monitoring_slow_requests_user" ON "monitoring_slow_requests" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "monitoring_slow_requests_at" ON "monitoring_slow_requests" USING btree ("at");--> statement-breakpoint
ALTER TABLE "access_grants" ADD CONSTRAINT "access_grants_role_access_roles_name_fk" FOREIGN KEY ("role") REFERENCES "public"."access_roles"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "platform_event_details_personal" ON "platform_event_details" USING btree ("personal_of") WHERE "platform_event_details"."personal_of" is not null;--> statement-breakpoint
CREATE INDEX "platform_events_position" ON "platform_events" USING btree ("position");--> statement-breakpoint
CREATE INDEX "platform_events_outcome" ON "platform_events" USING btree ("outcome","id") WHERE "platform_events"."outcome" <> 'succeeded';--> statement-breakpoint
CREATE INDEX "platform_invalidations_written" ON "platform_invalidations" USING btree ("written_by");--> statement-breakpoint
CREATE INDEX "invitations_invitations_inviters" ON "invitations_invitations" USING btree ("invited_by","role") WHERE "invitations_invitations"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "platform_events_subject" ON "platform_events" USING btree ("subject_id","id");--> statement-breakpoint
CREATE INDEX "platform_events_actor" ON "platform_events" USING btree ("actor_id","id");--> statement-breakpoint
CREATE INDEX "platform_events_behalf" ON "platform_events" USING btree ("on_behalf_of","id") WHERE "platform_events"."on_behalf_of" is not null;--> statement-breakpoint
CREATE INDEX "platform_events_name" ON "platform_events" USING btree ("name" text_pattern_ops,"id");--> statement-breakpoint
ALTER TABLE "auth_sessions" ADD CONSTRAINT "auth_sessions_impersonated_has_reason" CHECK (("auth_sessions"."impersonator_session_id" is null) = ("auth_sessions"."impersonation_reason" is null));--> statement-breakpoint
ALTER TABLE "users_users" ADD CONSTRAINT "users_users_until_is_suspended" CHECK ("users_users"."suspended_until" is null or "users_users"."status" = 'suspended');--> statement-breakpoint
CREATE VIEW "public"."access_holders" AS (select user_id, role from access_grants);--> statement-breakpoint
CREATE VIEW "public"."users_accounts" AS (
  select id, email, email_verified_at, name, username, locale, suspended_until, last_login_at, created_at,
    case when status = 'suspended' and suspended_until <= now() then 'active' else status end as status
  from users_users where erased_at is null);--> statement-breakpoint
CREATE VIEW "public"."users_logins" AS (
  select id as user_id, email, lower(username) as username, email_verified_at is not null as is_verified,
    case when status = 'suspended' and suspended_until <= now() then 'active' else status end as status
  from users_users);--> statement-breakpoint
-- Replaced and not dropped: what the application may read stays so while it runs.
CREATE OR REPLACE VIEW "public"."access_subjects" AS (
  select u.id as user_id,
    case when u.status = 'suspended' and u.suspended_until <= now() then 'active' else u.status end as status,
    coalesce((select array_agg(g.role order by g.role) from access_grants g where g.user_id = u.id), '{}') as roles,
    u.teams,
    coalesce((
      select jsonb_agg(rule) from access_grants g
      join access_roles r on r.name = g.role, jsonb_array_elements(r.rules) rule
      where g.user_id = u.id), '[]') as rules
  from users_users u);