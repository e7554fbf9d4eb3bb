ALTER TABLE "platform_signing_keys" ALTER COLUMN "public_jwk" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "platform_signing_keys" ALTER COLUMN "private_sealed" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "platform_signing_keys" ADD COLUMN "kms_key_arn" text;--> statement-breakpoint
ALTER TABLE "platform_signing_keys" ADD COLUMN "signs_from" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "platform_signing_keys" ADD COLUMN "tokens_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "platform_signing_keys" ADD COLUMN "retired_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "platform_signing_keys" ADD CONSTRAINT "platform_signing_keys_one_place" CHECK (("platform_signing_keys"."kms_key_arn" is null) <> ("platform_signing_keys"."private_sealed" is null));--> statement-breakpoint
ALTER TABLE "platform_signing_keys" ADD CONSTRAINT "platform_signing_keys_secret_unpublished" CHECK (("platform_signing_keys"."algorithm" = 'HS256') = ("platform_signing_keys"."public_jwk" is null));