CREATE TABLE "inbox_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"provider_event_id" text NOT NULL,
	"account" text NOT NULL,
	"type" text NOT NULL,
	"kind" text NOT NULL,
	"object_id" text,
	"api_version" text,
	"is_live" boolean NOT NULL,
	"raw" "bytea" NOT NULL,
	"state" text NOT NULL,
	"ignored_for" text,
	"occurred_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"processed_at" timestamp with time zone,
	CONSTRAINT "inbox_events_once" UNIQUE("provider","provider_event_id"),
	CONSTRAINT "inbox_events_ignored" CHECK (("inbox_events"."state" = 'ignored') = ("inbox_events"."ignored_for" is not null))
);
--> statement-breakpoint
CREATE TABLE "inbox_objects" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"account" text NOT NULL,
	"kind" text NOT NULL,
	"object_id" text NOT NULL,
	"dirty_seq" bigint NOT NULL,
	"synced_seq" bigint DEFAULT 0 NOT NULL,
	"fence" bigint DEFAULT 0 NOT NULL,
	"lease_until" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"problem" text,
	"detail" text,
	"troubled_since" timestamp with time zone,
	"next_at" timestamp with time zone,
	"dead_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "inbox_objects_once" UNIQUE("provider","account","kind","object_id"),
	CONSTRAINT "inbox_objects_seq" CHECK ("inbox_objects"."synced_seq" <= "inbox_objects"."dirty_seq")
);
--> statement-breakpoint
CREATE INDEX "inbox_events_object" ON "inbox_events" USING btree ("provider","account","kind","object_id","id");--> statement-breakpoint
CREATE INDEX "inbox_events_open" ON "inbox_events" USING btree ("id") WHERE "inbox_events"."state" = 'received';--> statement-breakpoint
CREATE INDEX "inbox_events_received" ON "inbox_events" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "inbox_objects_behind" ON "inbox_objects" USING btree ("next_at") WHERE "inbox_objects"."dirty_seq" > "inbox_objects"."synced_seq" and "inbox_objects"."dead_at" is null;--> statement-breakpoint
CREATE INDEX "inbox_objects_dead" ON "inbox_objects" USING btree ("dead_at") WHERE "inbox_objects"."dead_at" is not null;