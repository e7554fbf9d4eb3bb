ALTER TABLE "monitoring_event_counts" ADD COLUMN "on_no_alert" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "monitoring_thresholds" ADD COLUMN "total_threshold" integer;--> statement-breakpoint
CREATE INDEX "invitations_invitations_email" ON "invitations_invitations" USING btree ("email","id");--> statement-breakpoint
CREATE INDEX "monitoring_slow_requests_request" ON "monitoring_slow_requests" USING btree ("request_id");--> statement-breakpoint
ALTER TABLE "monitoring_thresholds" ADD CONSTRAINT "monitoring_thresholds_total_positive" CHECK ("monitoring_thresholds"."total_threshold" > 0);--> statement-breakpoint
UPDATE "monitoring_event_counts" SET "on_no_alert" = "unalerted" WHERE "unalerted" > 0;--> statement-breakpoint
UPDATE "monitoring_thresholds" SET "total_threshold" = "threshold" * 3 WHERE "type" IN ('failed_sign_in', 'failed_second_factor', 'failed_proof', 'lock_out');
