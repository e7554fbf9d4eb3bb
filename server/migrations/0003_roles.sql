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
-- What was granted before goes on: the roles of this version are written after every migration.
INSERT INTO "access_roles" ("name", "is_built_in")
SELECT unnest(array['super_admin', 'admin', 'moderator', 'editor', 'support', 'finance', 'employee', 'provider', 'member']), true;
--> statement-breakpoint
INSERT INTO "access_roles" ("name")
SELECT DISTINCT "role" FROM "access_grants" WHERE "role" ~ '^[a-z][a-z0-9_]{1,39}$' ON CONFLICT DO NOTHING;
--> statement-breakpoint
DROP VIEW "public"."access_subjects";--> statement-breakpoint
ALTER TABLE "users_users" ADD COLUMN "teams" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "access_grants" ADD CONSTRAINT "access_grants_role_access_roles_name_fk" FOREIGN KEY ("role") REFERENCES "public"."access_roles"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE VIEW "public"."access_subjects" AS (
  select u.id as user_id, u.status, u.teams,
    coalesce((select array_agg(g.role order by g.role) from access_grants g where g.user_id = u.id), '{}') as roles,
    coalesce((
      select jsonb_agg(rule) from access_grants g
      join access_roles r on r.name = g.role, jsonb_array_elements(r.rules) rule
      where g.user_id = u.id), '[]') as rules
  from users_users u);