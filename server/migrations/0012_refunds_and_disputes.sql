CREATE TABLE "disputes_disputes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"payment_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"amount" bigint NOT NULL,
	"asset" text NOT NULL,
	"provider" text NOT NULL,
	"provider_ref" text NOT NULL,
	"state" text NOT NULL,
	"reason" text NOT NULL,
	"due_at" timestamp with time zone,
	"has_evidence" boolean NOT NULL,
	"claims" bigint NOT NULL,
	"is_withdrawn" boolean NOT NULL,
	"is_reinstated" boolean NOT NULL,
	"movements" integer NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"closed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "disputes_disputes_ref" UNIQUE("provider","provider_ref"),
	CONSTRAINT "disputes_disputes_amount" CHECK ("disputes_disputes"."amount" > 0 and "disputes_disputes"."claims" >= 0)
);
--> statement-breakpoint
CREATE TABLE "refunds_attempts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"refund_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"key" text NOT NULL,
	"request" jsonb NOT NULL,
	"outcome" text,
	"detail" text,
	"missed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "refunds_attempts_key" UNIQUE("key"),
	CONSTRAINT "refunds_attempts_number" UNIQUE("refund_id","number")
);
--> statement-breakpoint
CREATE TABLE "refunds_refunds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"payment_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"amount" bigint NOT NULL,
	"asset" text NOT NULL,
	"provider" text NOT NULL,
	"origin" text NOT NULL,
	"state" text NOT NULL,
	"surplus_id" uuid,
	"reason" text,
	"provider_ref" text,
	"failure" text,
	"succeeded_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "refunds_refunds_ref" UNIQUE("provider","provider_ref"),
	CONSTRAINT "refunds_refunds_amount" CHECK ("refunds_refunds"."amount" > 0)
);
--> statement-breakpoint
ALTER TABLE "payments_payments" ADD COLUMN "captured" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "payments_payments" ADD COLUMN "refunded" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "payments_payments" ADD COLUMN "refund_pending" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "payments_payments" ADD COLUMN "charged_back" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "payments_payments" ADD COLUMN "disputed" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "disputes_disputes" ADD CONSTRAINT "disputes_disputes_payment_id_payments_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments_payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "disputes_disputes" ADD CONSTRAINT "disputes_disputes_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds_attempts" ADD CONSTRAINT "refunds_attempts_refund_id_refunds_refunds_id_fk" FOREIGN KEY ("refund_id") REFERENCES "public"."refunds_refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds_refunds" ADD CONSTRAINT "refunds_refunds_payment_id_payments_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments_payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds_refunds" ADD CONSTRAINT "refunds_refunds_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "disputes_disputes_payment" ON "disputes_disputes" USING btree ("payment_id","id");--> statement-breakpoint
CREATE INDEX "disputes_disputes_user" ON "disputes_disputes" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "disputes_disputes_state" ON "disputes_disputes" USING btree ("state","id");--> statement-breakpoint
CREATE UNIQUE INDEX "refunds_attempts_live" ON "refunds_attempts" USING btree ("refund_id") WHERE "refunds_attempts"."outcome" is null or "refunds_attempts"."outcome" in ('created', 'unknown');--> statement-breakpoint
CREATE INDEX "refunds_attempts_open" ON "refunds_attempts" USING btree ("updated_at") WHERE "refunds_attempts"."outcome" is null or "refunds_attempts"."outcome" = 'unknown';--> statement-breakpoint
CREATE INDEX "refunds_refunds_payment" ON "refunds_refunds" USING btree ("payment_id","id");--> statement-breakpoint
CREATE INDEX "refunds_refunds_user" ON "refunds_refunds" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "refunds_refunds_state" ON "refunds_refunds" USING btree ("state","id");--> statement-breakpoint
-- Written by hand: what came in before these columns were there.
UPDATE "payments_payments" SET "captured" = "amount" WHERE "state" = 'held';
