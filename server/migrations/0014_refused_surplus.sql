ALTER TABLE "disputes_disputes" ADD COLUMN "surplus_id" uuid;--> statement-breakpoint
ALTER TABLE "payments_surplus" ADD COLUMN "failure" text;--> statement-breakpoint
ALTER TABLE "payments_surplus" ADD COLUMN "settled_at" timestamp with time zone;--> statement-breakpoint
UPDATE "payments_surplus" SET "refund_id" = NULL, "failure" = coalesce("refunds_refunds"."failure", "refunds_refunds"."state")
FROM "refunds_refunds" WHERE "refunds_refunds"."id" = "payments_surplus"."refund_id" AND "refunds_refunds"."state" IN ('failed', 'cancelled');
