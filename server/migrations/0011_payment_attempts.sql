CREATE TABLE "payments_customers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"number" integer NOT NULL,
	"key" text NOT NULL,
	"ref" text,
	"gone_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "payments_customers_key" UNIQUE("key"),
	CONSTRAINT "payments_customers_number" UNIQUE("user_id","provider","number"),
	CONSTRAINT "payments_customers_ref" UNIQUE("provider","ref")
);
--> statement-breakpoint
CREATE TABLE "payments_surplus" (
	"id" uuid PRIMARY KEY NOT NULL,
	"payment_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"collection_ref" text NOT NULL,
	"charge_ref" text,
	"amount" bigint NOT NULL,
	"asset" text NOT NULL,
	"refund_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "payments_surplus_collection" UNIQUE("provider","collection_ref"),
	CONSTRAINT "payments_surplus_amount" CHECK ("payments_surplus"."amount" > 0)
);
--> statement-breakpoint
DROP INDEX "payments_attempts_live";--> statement-breakpoint
ALTER TABLE "payments_attempts" ADD COLUMN "kind" text DEFAULT 'intent' NOT NULL;--> statement-breakpoint
ALTER TABLE "payments_attempts" ADD COLUMN "collection_ref" text;--> statement-breakpoint
ALTER TABLE "payments_attempts" ADD COLUMN "closed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "payments_payments" ADD COLUMN "reference" text;--> statement-breakpoint
ALTER TABLE "payments_payments" ADD COLUMN "cancel_wanted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "payments_customers" ADD CONSTRAINT "payments_customers_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments_surplus" ADD CONSTRAINT "payments_surplus_payment_id_payments_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments_payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "payments_customers_one" ON "payments_customers" USING btree ("user_id","provider") WHERE "payments_customers"."gone_at" is null;--> statement-breakpoint
CREATE INDEX "payments_surplus_payment" ON "payments_surplus" USING btree ("payment_id");--> statement-breakpoint
CREATE INDEX "payments_surplus_waiting" ON "payments_surplus" USING btree ("id") WHERE "payments_surplus"."refund_id" is null;--> statement-breakpoint
CREATE INDEX "payments_attempts_stray" ON "payments_attempts" USING btree ("created_at") WHERE "payments_attempts"."outcome" = 'rejected' and "payments_attempts"."provider_ref" is not null and "payments_attempts"."closed_at" is null;--> statement-breakpoint
CREATE INDEX "payments_payments_asset" ON "payments_payments" USING btree ("asset","id");--> statement-breakpoint
CREATE INDEX "payments_payments_provider" ON "payments_payments" USING btree ("provider","id");--> statement-breakpoint
CREATE INDEX "payments_payments_cancelling" ON "payments_payments" USING btree ("cancel_wanted_at") WHERE "payments_payments"."cancel_wanted_at" is not null and "payments_payments"."state" <> 'cancelled';--> statement-breakpoint
CREATE UNIQUE INDEX "payments_attempts_live" ON "payments_attempts" USING btree ("payment_id") WHERE ("payments_attempts"."outcome" is null or "payments_attempts"."outcome" in ('created', 'unknown')) and "payments_attempts"."closed_at" is null;--> statement-breakpoint
ALTER TABLE "payments_attempts" ADD CONSTRAINT "payments_attempts_collection" UNIQUE("collection_ref");--> statement-breakpoint
ALTER TABLE "payments_payments" ADD CONSTRAINT "payments_payments_reference" UNIQUE("user_id","reference");--> statement-breakpoint
UPDATE "payments_attempts" SET "collection_ref" = "provider_ref" WHERE "provider_ref" IS NOT NULL;--> statement-breakpoint
UPDATE "payments_attempts" SET "closed_at" = "payments_payments"."held_at" FROM "payments_payments"
  WHERE "payments_payments"."id" = "payments_attempts"."payment_id" AND "payments_payments"."held_at" IS NOT NULL;
