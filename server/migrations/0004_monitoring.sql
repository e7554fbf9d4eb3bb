CREATE TABLE "platform_event_readers" (
	"name" text PRIMARY KEY NOT NULL,
	"upto" bigint NOT NULL,
	"gaps" "int8multirange" DEFAULT '{}' NOT NULL,
	"older_gaps" "int8multirange" DEFAULT '{}' NOT NULL,
	"gaps_since" timestamp with time zone DEFAULT now() NOT NULL
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
CREATE INDEX "monitoring_slow_requests_at" ON "monitoring_slow_requests" USING btree ("at");