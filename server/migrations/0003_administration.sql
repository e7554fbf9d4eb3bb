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
ALTER TABLE "auth_sessions" ADD COLUMN "elevated_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "auth_sessions" ADD COLUMN "impersonator_session_id" uuid;--> statement-breakpoint
ALTER TABLE "auth_sessions" ADD COLUMN "impersonation_reason" text;--> statement-breakpoint
ALTER TABLE "users_users" ADD COLUMN "suspended_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "admin_interventions" ADD CONSTRAINT "admin_interventions_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "admin_service_tokens" ADD CONSTRAINT "admin_service_tokens_backed_by_users_users_id_fk" FOREIGN KEY ("backed_by") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "impersonation_impersonations" ADD CONSTRAINT "impersonation_impersonations_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "impersonation_impersonations" ADD CONSTRAINT "impersonation_impersonations_impersonator_id_users_users_id_fk" FOREIGN KEY ("impersonator_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "admin_interventions_user" ON "admin_interventions" USING btree ("user_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "admin_service_tokens_hash" ON "admin_service_tokens" USING btree ("hash");--> statement-breakpoint
CREATE UNIQUE INDEX "admin_service_tokens_previous" ON "admin_service_tokens" USING btree ("previous_hash");--> statement-breakpoint
CREATE INDEX "admin_service_tokens_backed_by" ON "admin_service_tokens" USING btree ("backed_by");--> statement-breakpoint
CREATE INDEX "impersonation_impersonations_user" ON "impersonation_impersonations" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "impersonation_impersonations_impersonator" ON "impersonation_impersonations" USING btree ("impersonator_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "impersonation_impersonations_session" ON "impersonation_impersonations" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "impersonation_impersonations_created" ON "impersonation_impersonations" USING btree ("created_at");--> statement-breakpoint
ALTER TABLE "auth_sessions" ADD CONSTRAINT "auth_sessions_impersonated_has_reason" CHECK (("auth_sessions"."impersonator_session_id" is null) = ("auth_sessions"."impersonation_reason" is null));--> statement-breakpoint
ALTER TABLE "users_users" ADD CONSTRAINT "users_users_until_is_suspended" CHECK ("users_users"."suspended_until" is null or "users_users"."status" = 'suspended');--> statement-breakpoint
CREATE VIEW "public"."access_holders" AS (select user_id, role from access_grants);--> statement-breakpoint
CREATE VIEW "public"."users_accounts" AS (
  select id, email, email_verified_at, name, username, locale, suspended_until, last_login_at, created_at,
    case when status = 'suspended' and suspended_until <= now() then 'active' else status end as status
  from users_users where erased_at is null);--> statement-breakpoint
-- Replaced and not dropped: what the application may read stays so while it runs.
CREATE OR REPLACE VIEW "public"."access_subjects" AS (
  select u.id as user_id,
    case when u.status = 'suspended' and u.suspended_until <= now() then 'active' else u.status end as status,
    coalesce((select array_agg(g.role order by g.role) from access_grants g where g.user_id = u.id), '{}') as roles
  from users_users u);