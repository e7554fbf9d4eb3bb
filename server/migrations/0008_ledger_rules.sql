-- Written by hand: Drizzle knows no triggers. What is here holds for everybody who writes, whatever program they use;
-- what the application's role may do at all is in server/src/features/ledger/rights.ts.

INSERT INTO "ledger_assets" ("code", "scale") VALUES
  ('AED', 2), ('AFN', 2), ('ALL', 2), ('AMD', 2), ('AOA', 2), ('ARS', 2), ('AUD', 2), ('AWG', 2),
  ('AZN', 2), ('BAM', 2), ('BBD', 2), ('BDT', 2), ('BHD', 3), ('BIF', 0), ('BMD', 2), ('BND', 2),
  ('BOB', 2), ('BRL', 2), ('BSD', 2), ('BTN', 2), ('BWP', 2), ('BYN', 2), ('BZD', 2), ('CAD', 2),
  ('CDF', 2), ('CHF', 2), ('CLP', 0), ('CNY', 2), ('COP', 2), ('CRC', 2), ('CRD', 6), ('CUP', 2),
  ('CVE', 2), ('CZK', 2), ('DJF', 0), ('DKK', 2), ('DOP', 2), ('DZD', 2), ('EGP', 2), ('ERN', 2),
  ('ETB', 2), ('EUR', 2), ('FJD', 2), ('FKP', 2), ('GBP', 2), ('GEL', 2), ('GHS', 2), ('GIP', 2),
  ('GMD', 2), ('GNF', 0), ('GTQ', 2), ('GYD', 2), ('HKD', 2), ('HNL', 2), ('HTG', 2), ('HUF', 2),
  ('IDR', 2), ('ILS', 2), ('INR', 2), ('IQD', 3), ('IRR', 2), ('ISK', 0), ('JMD', 2), ('JOD', 3),
  ('JPY', 0), ('KES', 2), ('KGS', 2), ('KHR', 2), ('KMF', 0), ('KPW', 2), ('KRW', 0), ('KWD', 3),
  ('KYD', 2), ('KZT', 2), ('LAK', 2), ('LBP', 2), ('LKR', 2), ('LRD', 2), ('LSL', 2), ('LYD', 3),
  ('MAD', 2), ('MDL', 2), ('MGA', 2), ('MKD', 2), ('MMK', 2), ('MNT', 2), ('MOP', 2), ('MRU', 2),
  ('MUR', 2), ('MVR', 2), ('MWK', 2), ('MXN', 2), ('MYR', 2), ('MZN', 2), ('NAD', 2), ('NGN', 2),
  ('NIO', 2), ('NOK', 2), ('NPR', 2), ('NZD', 2), ('OMR', 3), ('PAB', 2), ('PEN', 2), ('PGK', 2),
  ('PHP', 2), ('PKR', 2), ('PLN', 2), ('PYG', 0), ('QAR', 2), ('RON', 2), ('RSD', 2), ('RUB', 2),
  ('RWF', 0), ('SAR', 2), ('SBD', 2), ('SCR', 2), ('SDG', 2), ('SEK', 2), ('SGD', 2), ('SHP', 2),
  ('SLE', 2), ('SOS', 2), ('SRD', 2), ('SSP', 2), ('STN', 2), ('SVC', 2), ('SYP', 2), ('SZL', 2),
  ('THB', 2), ('TJS', 2), ('TMT', 2), ('TND', 3), ('TOP', 2), ('TRY', 2), ('TTD', 2), ('TWD', 2),
  ('TZS', 2), ('UAH', 2), ('UGX', 0), ('USD', 2), ('UYU', 2), ('UZS', 2), ('VED', 2), ('VES', 2),
  ('VND', 0), ('VUV', 0), ('WST', 2), ('XAF', 0), ('XCD', 2), ('XCG', 2), ('XOF', 0), ('XPF', 0),
  ('YER', 2), ('ZAR', 2), ('ZMW', 2), ('ZWG', 2);
--> statement-breakpoint
-- The hold is settled before its transaction exists, so that what was held can be spent by it.
ALTER TABLE "ledger_holds" ALTER CONSTRAINT "ledger_holds_transaction_id_ledger_transactions_id_fk" DEFERRABLE INITIALLY DEFERRED;
--> statement-breakpoint
CREATE FUNCTION "ledger_refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: correct it by another transaction', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER "ledger_assets_stay" BEFORE UPDATE OR DELETE ON "ledger_assets" FOR EACH ROW EXECUTE FUNCTION "ledger_refuse_change"();
--> statement-breakpoint
CREATE TRIGGER "ledger_assets_stay_all" BEFORE TRUNCATE ON "ledger_assets" FOR EACH STATEMENT EXECUTE FUNCTION "ledger_refuse_change"();
--> statement-breakpoint
CREATE TRIGGER "ledger_transactions_stay" BEFORE UPDATE OR DELETE ON "ledger_transactions" FOR EACH ROW EXECUTE FUNCTION "ledger_refuse_change"();
--> statement-breakpoint
CREATE TRIGGER "ledger_transactions_stay_all" BEFORE TRUNCATE ON "ledger_transactions" FOR EACH STATEMENT EXECUTE FUNCTION "ledger_refuse_change"();
--> statement-breakpoint
CREATE TRIGGER "ledger_postings_stay" BEFORE UPDATE OR DELETE ON "ledger_postings" FOR EACH ROW EXECUTE FUNCTION "ledger_refuse_change"();
--> statement-breakpoint
CREATE TRIGGER "ledger_postings_stay_all" BEFORE TRUNCATE ON "ledger_postings" FOR EACH STATEMENT EXECUTE FUNCTION "ledger_refuse_change"();
--> statement-breakpoint
CREATE TRIGGER "ledger_accounts_stay" BEFORE DELETE ON "ledger_accounts" FOR EACH ROW EXECUTE FUNCTION "ledger_refuse_change"();
--> statement-breakpoint
CREATE TRIGGER "ledger_accounts_stay_all" BEFORE TRUNCATE ON "ledger_accounts" FOR EACH STATEMENT EXECUTE FUNCTION "ledger_refuse_change"();
--> statement-breakpoint
CREATE TRIGGER "ledger_holds_stay" BEFORE DELETE ON "ledger_holds" FOR EACH ROW EXECUTE FUNCTION "ledger_refuse_change"();
--> statement-breakpoint
CREATE TRIGGER "ledger_holds_stay_all" BEFORE TRUNCATE ON "ledger_holds" FOR EACH STATEMENT EXECUTE FUNCTION "ledger_refuse_change"();
--> statement-breakpoint
CREATE FUNCTION "ledger_begin_account"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.debits <> 0 OR NEW.credits <> 0 OR NEW.held <> 0 OR NEW.closed_at IS NOT NULL THEN
    RAISE EXCEPTION 'an account begins open and empty' USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_accounts_begin_empty';
  END IF;
  NEW.created_at := now();
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "ledger_accounts_begin" BEFORE INSERT ON "ledger_accounts" FOR EACH ROW EXECUTE FUNCTION "ledger_begin_account"();
--> statement-breakpoint
-- Balances change by the triggers of postings and holds, one level down, and by nothing else: not even by the owner's hand.
CREATE FUNCTION "ledger_guard_account"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.kind, NEW.owner_id, NEW.asset, NEW.normal, NEW.floor, NEW.is_unbounded, NEW.created_at)
    IS DISTINCT FROM (OLD.id, OLD.kind, OLD.owner_id, OLD.asset, OLD.normal, OLD.floor, OLD.is_unbounded, OLD.created_at) THEN
    RAISE EXCEPTION 'what account % is cannot be changed', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.closed_at IS NOT NULL THEN
    RAISE EXCEPTION 'account % is closed', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_accounts_closed';
  END IF;
  IF (NEW.debits, NEW.credits, NEW.held) IS DISTINCT FROM (OLD.debits, OLD.credits, OLD.held) AND pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'balances change by postings and holds alone' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "ledger_accounts_guard" BEFORE UPDATE ON "ledger_accounts" FOR EACH ROW EXECUTE FUNCTION "ledger_guard_account"();
--> statement-breakpoint
CREATE FUNCTION "ledger_begin_transaction"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.created_at := now();
  NEW.created_xid := pg_current_xact_id();
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "ledger_transactions_begin" BEFORE INSERT ON "ledger_transactions" FOR EACH ROW EXECUTE FUNCTION "ledger_begin_transaction"();
--> statement-breakpoint
-- With the rights of the owner, because the application's role has none to change a balance. In the order of ids, as
-- everybody locks accounts. Unbounded accounts are left alone: they are summed.
CREATE FUNCTION "ledger_apply_posting"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  touched uuid;
BEGIN
  IF NOT EXISTS (SELECT FROM ledger_transactions WHERE id = NEW.transaction_id AND created_xid = pg_current_xact_id()) THEN
    RAISE EXCEPTION 'transaction % is complete', NEW.transaction_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_transactions_complete';
  END IF;
  FOREACH touched IN ARRAY ARRAY[least(NEW.debit_id, NEW.credit_id), greatest(NEW.debit_id, NEW.credit_id)] LOOP
    UPDATE ledger_accounts SET
      debits = debits + CASE WHEN id = NEW.debit_id THEN NEW.amount ELSE 0 END,
      credits = credits + CASE WHEN id = NEW.credit_id THEN NEW.amount ELSE 0 END
    WHERE id = touched AND NOT is_unbounded;
  END LOOP;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "ledger_postings_apply" AFTER INSERT ON "ledger_postings" FOR EACH ROW EXECUTE FUNCTION "ledger_apply_posting"();
--> statement-breakpoint
-- At the end of the database transaction: it has postings, and a reversal undoes exactly what it reverses. Temporary tables
-- come last: one of the same name would be asked in place of the real one.
CREATE FUNCTION "ledger_require_postings"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM ledger_postings WHERE transaction_id = NEW.id) THEN
    RAISE EXCEPTION 'transaction % has no postings', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_transactions_not_empty';
  END IF;
  IF NEW.reverses IS NOT NULL AND EXISTS (
    SELECT FROM (
      SELECT debit_id AS "from", credit_id AS "to", asset, amount, 1 AS sign FROM ledger_postings WHERE transaction_id = NEW.reverses
      UNION ALL
      SELECT credit_id, debit_id, asset, amount, -1 FROM ledger_postings WHERE transaction_id = NEW.id
    ) AS both_ways GROUP BY "from", "to", asset, amount HAVING sum(sign) <> 0
  ) THEN
    RAISE EXCEPTION 'transaction % does not undo %', NEW.id, NEW.reverses
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_transactions_undoes';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "ledger_transactions_whole" AFTER INSERT ON "ledger_transactions"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "ledger_require_postings"();
--> statement-breakpoint
CREATE FUNCTION "ledger_apply_hold"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'open' THEN
      RAISE EXCEPTION 'a hold begins open' USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_holds_begin_open';
    END IF;
    UPDATE ledger_accounts SET held = held + NEW.amount WHERE id = NEW.account_id;
    RETURN NULL;
  END IF;
  IF OLD.state <> 'open' OR NEW.state = 'open' THEN
    RAISE EXCEPTION 'hold % is %', OLD.id, OLD.state USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_holds_end_once';
  END IF;
  IF (NEW.id, NEW.account_id, NEW.asset, NEW.amount, NEW.idem_key, NEW.expires_at, NEW.created_at)
    IS DISTINCT FROM (OLD.id, OLD.account_id, OLD.asset, OLD.amount, OLD.idem_key, OLD.expires_at, OLD.created_at) THEN
    RAISE EXCEPTION 'what hold % holds cannot be changed', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  UPDATE ledger_accounts SET held = held - OLD.amount WHERE id = OLD.account_id;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "ledger_holds_apply" AFTER INSERT OR UPDATE ON "ledger_holds" FOR EACH ROW EXECUTE FUNCTION "ledger_apply_hold"();
