-- By hand: the old primary key makes room for the new one.
ALTER TABLE "platform_events" DROP CONSTRAINT "platform_events_pkey";--> statement-breakpoint
CREATE TABLE "platform_event_heads" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"number" bigint NOT NULL,
	"document" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "platform_event_seals" (
	"number" bigint PRIMARY KEY NOT NULL,
	"event_id" uuid NOT NULL,
	"position" bigint NOT NULL,
	"hash" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_verifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"verdict" jsonb NOT NULL
);
--> statement-breakpoint
DROP INDEX "platform_events_subject";--> statement-breakpoint
DROP INDEX "platform_events_actor";--> statement-breakpoint
DROP INDEX "platform_events_behalf";--> statement-breakpoint
DROP INDEX "platform_events_name";--> statement-breakpoint
ALTER TABLE "platform_event_details" ALTER COLUMN "ip" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "platform_events" ADD PRIMARY KEY ("id");--> statement-breakpoint
ALTER TABLE "platform_events" ALTER COLUMN "at" SET DEFAULT clock_timestamp();--> statement-breakpoint
ALTER TABLE "platform_event_details" ADD COLUMN "personal_of" text;--> statement-breakpoint
ALTER TABLE "platform_event_details" ADD COLUMN "personal" json;--> statement-breakpoint
ALTER TABLE "platform_events" ADD COLUMN "position" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "platform_event_heads_kind" ON "platform_event_heads" USING btree ("kind","number");--> statement-breakpoint
CREATE INDEX "audit_verifications_at" ON "audit_verifications" USING btree ("at");--> statement-breakpoint
CREATE INDEX "platform_event_details_personal" ON "platform_event_details" USING btree ("personal_of") WHERE "platform_event_details"."personal_of" is not null;--> statement-breakpoint
CREATE INDEX "platform_events_position" ON "platform_events" USING btree ("position");--> statement-breakpoint
CREATE INDEX "platform_events_outcome" ON "platform_events" USING btree ("outcome","id") WHERE "platform_events"."outcome" <> 'succeeded';--> statement-breakpoint
CREATE INDEX "platform_events_subject" ON "platform_events" USING btree ("subject_id","id");--> statement-breakpoint
CREATE INDEX "platform_events_actor" ON "platform_events" USING btree ("actor_id","id");--> statement-breakpoint
CREATE INDEX "platform_events_behalf" ON "platform_events" USING btree ("on_behalf_of","id") WHERE "platform_events"."on_behalf_of" is not null;--> statement-breakpoint
CREATE INDEX "platform_events_name" ON "platform_events" USING btree ("name" text_pattern_ops,"id");--> statement-breakpoint
ALTER TABLE "platform_events" DROP COLUMN "seq";