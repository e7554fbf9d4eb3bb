CREATE TABLE "inbox_cursors" (
	"provider" text PRIMARY KEY NOT NULL,
	"reached_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reconciliation_drifts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"class" text NOT NULL,
	"severity" text NOT NULL,
	"kind" text NOT NULL,
	"ref" text NOT NULL,
	"our_id" text,
	"expected" text NOT NULL,
	"found" text NOT NULL,
	"asset" text,
	"delta" bigint,
	"state" text NOT NULL,
	"object_at" timestamp with time zone,
	"first_seen_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"last_run_id" uuid NOT NULL,
	"note" text,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "reconciliation_drifts_once" UNIQUE("provider","class","kind","ref"),
	CONSTRAINT "reconciliation_drifts_accepted" CHECK ("reconciliation_drifts"."state" <> 'accepted' or "reconciliation_drifts"."note" is not null)
);
--> statement-breakpoint
CREATE TABLE "reconciliation_findings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"class" text NOT NULL,
	"severity" text NOT NULL,
	"kind" text NOT NULL,
	"ref" text NOT NULL,
	"our_id" text,
	"expected" text NOT NULL,
	"found" text NOT NULL,
	"asset" text,
	"delta" bigint,
	"outcome" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "reconciliation_findings_once" UNIQUE("run_id","class","kind","ref")
);
--> statement-breakpoint
CREATE TABLE "reconciliation_items" (
	"run_id" uuid NOT NULL,
	"ref" text NOT NULL,
	"asset" text NOT NULL,
	"theirs" bigint DEFAULT 0 NOT NULL,
	"ours" bigint DEFAULT 0 NOT NULL,
	"in_flight" bigint DEFAULT 0 NOT NULL,
	"type" text,
	"parent_ref" text,
	"ref_type" text,
	"ref_id" text,
	"object_at" timestamp with time zone NOT NULL,
	CONSTRAINT "reconciliation_items_run_id_ref_asset_pk" PRIMARY KEY("run_id","ref","asset")
);
--> statement-breakpoint
CREATE TABLE "reconciliation_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"span" text NOT NULL,
	"trigger" text NOT NULL,
	"is_dry_run" boolean NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"stage" text NOT NULL,
	"cursor" text,
	"fence" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp with time zone,
	"scanned" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"balances" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"problem" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "reconciliation_runs_ended" CHECK (("reconciliation_runs"."state" in ('waiting', 'running')) = ("reconciliation_runs"."ended_at" is null))
);
--> statement-breakpoint
CREATE TABLE "reconciliation_seen" (
	"run_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"ref" text NOT NULL,
	CONSTRAINT "reconciliation_seen_run_id_kind_ref_pk" PRIMARY KEY("run_id","kind","ref")
);
--> statement-breakpoint
ALTER TABLE "reconciliation_findings" ADD CONSTRAINT "reconciliation_findings_run_id_reconciliation_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."reconciliation_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reconciliation_items" ADD CONSTRAINT "reconciliation_items_run_id_reconciliation_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."reconciliation_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reconciliation_seen" ADD CONSTRAINT "reconciliation_seen_run_id_reconciliation_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."reconciliation_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "reconciliation_drifts_state" ON "reconciliation_drifts" USING btree ("state","id");--> statement-breakpoint
CREATE INDEX "reconciliation_drifts_ours" ON "reconciliation_drifts" USING btree ("our_id") WHERE "reconciliation_drifts"."state" = 'open';--> statement-breakpoint
CREATE INDEX "reconciliation_findings_run" ON "reconciliation_findings" USING btree ("run_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "reconciliation_runs_unfinished" ON "reconciliation_runs" USING btree ("provider") WHERE "reconciliation_runs"."state" in ('waiting', 'running');--> statement-breakpoint
CREATE INDEX "reconciliation_runs_state" ON "reconciliation_runs" USING btree ("state","id");