CREATE INDEX "disputes_disputes_opened" ON "disputes_disputes" USING btree (coalesce("opened_at", 'infinity'),"id");--> statement-breakpoint
CREATE INDEX "disputes_disputes_due" ON "disputes_disputes" USING btree (coalesce("due_at", 'infinity'),"id");--> statement-breakpoint
CREATE INDEX "disputes_disputes_amount" ON "disputes_disputes" USING btree ("asset","amount","id");--> statement-breakpoint
CREATE INDEX "monitoring_slow_requests_slowest" ON "monitoring_slow_requests" USING btree ("duration_ms","id");--> statement-breakpoint
CREATE INDEX "payments_payments_amount" ON "payments_payments" USING btree ("asset","amount","id");--> statement-breakpoint
CREATE INDEX "refunds_refunds_amount" ON "refunds_refunds" USING btree ("asset","amount","id");--> statement-breakpoint
CREATE INDEX "users_users_name" ON "users_users" USING btree (lower(coalesce("name", '')),"id");