ALTER TABLE "platform_events" DROP COLUMN "ip";--> statement-breakpoint
ALTER TABLE "platform_signing_keys" DROP COLUMN "state";