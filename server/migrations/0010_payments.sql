CREATE TABLE "payments_attempts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"payment_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"key" text NOT NULL,
	"request" jsonb NOT NULL,
	"outcome" text,
	"detail" text,
	"provider_ref" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "payments_attempts_key" UNIQUE("key"),
	CONSTRAINT "payments_attempts_number" UNIQUE("payment_id","number"),
	CONSTRAINT "payments_attempts_ref" UNIQUE("provider_ref")
);
--> statement-breakpoint
CREATE TABLE "payments_payments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"amount" bigint NOT NULL,
	"asset" text NOT NULL,
	"description" text,
	"provider" text NOT NULL,
	"provider_ref" text,
	"state" text DEFAULT 'created' NOT NULL,
	"failure" text,
	"held_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "payments_payments_ref" UNIQUE("provider","provider_ref"),
	CONSTRAINT "payments_payments_amount" CHECK ("payments_payments"."amount" > 0)
);
--> statement-breakpoint
ALTER TABLE "payments_attempts" ADD CONSTRAINT "payments_attempts_payment_id_payments_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments_payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments_payments" ADD CONSTRAINT "payments_payments_user_id_users_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users_users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "payments_attempts_live" ON "payments_attempts" USING btree ("payment_id") WHERE "payments_attempts"."outcome" is null or "payments_attempts"."outcome" in ('created', 'unknown');--> statement-breakpoint
CREATE INDEX "payments_attempts_open" ON "payments_attempts" USING btree ("created_at") WHERE "payments_attempts"."outcome" is null or "payments_attempts"."outcome" = 'unknown';--> statement-breakpoint
CREATE INDEX "payments_payments_user" ON "payments_payments" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "payments_payments_state" ON "payments_payments" USING btree ("state","id");