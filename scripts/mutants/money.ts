/** Guards of money, each as the edit that takes it away. A guard that can go without a test that fails is not guarded. */
import type { Mutant } from './mutant.ts'

const room = (name: string) => `server/src/features/${name}`
const inboxTests = [`${room('inbox')}/inbox.test.ts`]
const paymentTests = [`${room('payments')}/payments.test.ts`]
const guardTests = [`${room('payments')}/guards.test.ts`]
const databaseTests = [`${room('ledger')}/database.test.ts`]
const postingTests = [`${room('ledger')}/transactions.test.ts`]
const noticeTests = ['server/src/platform/payments/stripe-notice.test.ts']
const keyTests = ['server/src/platform/http/idempotency.test.ts']

const sync = `${room('inbox')}/sync.ts`
const collections = `${room('payments')}/collections.ts`
const attempts = `${room('payments')}/attempts.ts`
const transactions = `${room('ledger')}/transactions.ts`
const notice = 'server/src/platform/payments/stripe-notice.ts'
const idempotency = 'server/src/platform/http/idempotency.ts'
const ledgerSql = 'server/migrations/0007_ledger.sql'
const ledgerRules = 'server/migrations/0008_ledger_rules.sql'

export const moneyMutants: readonly Mutant[] = [
  {
    name: 'inbox-fence',
    guards: 'whoever lost the lease applies nothing',
    file: sync,
    from: '.where(and(eq(inboxObjects.id, id), eq(inboxObjects.fence, fence)))',
    to: '.where(eq(inboxObjects.id, id))',
    tests: inboxTests,
  },
  {
    name: 'inbox-remembered-seq',
    guards: 'what was heard while the provider was asked is asked for again',
    file: sync,
    from: 'syncedSeq: dirtySeq,',
    to: 'syncedSeq: sql`dirty_seq + 0 * ${dirtySeq}::bigint`,',
    tests: inboxTests,
  },
  {
    name: 'inbox-event-once',
    guards: 'an event is stored once',
    file: 'server/migrations/0009_inbox.sql',
    from: '\tCONSTRAINT "inbox_events_once" UNIQUE("provider","provider_event_id"),\n',
    to: '',
    tests: inboxTests,
  },
  {
    name: 'inbox-store-before-answer',
    guards: 'an event is acknowledged only when it is stored',
    file: `${room('inbox')}/intake.ts`,
    from: 'raw: given.raw, appliers }, read.notice))',
    to: 'raw: given.raw, appliers }, read.notice)).catch(() => {})',
    tests: [`${room('inbox')}/outage.test.ts`],
  },
  {
    name: 'inbox-mode',
    guards: 'an event of the other mode changes nothing',
    file: `${room('inbox')}/intake.ts`,
    from: "if (isLive !== (stripeMode(settings) === 'live')) return 'wrong_mode'",
    to: "if (isLive && String(settings) === '') return 'wrong_mode'",
    tests: inboxTests,
  },
  {
    name: 'signature',
    guards: 'what is not signed is refused',
    file: notice,
    from: 'if (!isSigned) return',
    to: 'if (!isSigned && usable.length === 0) return',
    tests: noticeTests,
  },
  {
    name: 'signature-empty-secret',
    guards: 'an empty secret signs nothing',
    file: notice,
    from: "secrets.filter((secret) => secret !== '')",
    to: 'secrets.filter((secret) => secret.length >= 0)',
    tests: noticeTests,
  },
  {
    name: 'signature-too-old',
    guards: 'what was signed long ago is refused',
    file: notice,
    from: 'Math.abs(ageSeconds) > toleranceSeconds',
    to: '-ageSeconds > toleranceSeconds',
    tests: noticeTests,
  },
  {
    name: 'signature-too-new',
    guards: 'what is signed for later is refused',
    file: notice,
    from: 'Math.abs(ageSeconds) > toleranceSeconds',
    to: 'ageSeconds > toleranceSeconds',
    tests: noticeTests,
  },
  {
    name: 'signature-v1-only',
    guards: 'v0 proves nothing',
    file: notice,
    from: "signatures: valuesOf('v1')",
    to: "signatures: [...valuesOf('v1'), ...valuesOf('v0')]",
    tests: noticeTests,
  },
  {
    name: 'ledger-lock-order',
    guards: 'accounts are locked in one order',
    file: `${room('ledger')}/accounts.ts`,
    from: "    .orderBy(accounts.id)\n    .for('no key update')",
    to: "    .orderBy(sql`random()`)\n    .for('no key update')",
    tests: postingTests,
  },
  {
    name: 'ledger-funds',
    guards: 'want of funds is an answer, and the transaction can go on',
    file: transactions,
    from: 'if (available !== null && available < 0n)',
    to: 'if (available !== null && available < -maxAmount)',
    tests: postingTests,
  },
  {
    name: 'ledger-overdraft',
    guards: 'the database refuses an overdraft, whoever writes',
    file: ledgerSql,
    from: '"ledger_accounts"."held" >= "ledger_accounts"."floor"),',
    to: '"ledger_accounts"."held" >= "ledger_accounts"."floor" or true),',
    tests: databaseTests,
  },
  {
    name: 'ledger-append-only',
    guards: 'postings are not changed',
    file: ledgerRules,
    from: 'CREATE TRIGGER "ledger_postings_stay" BEFORE UPDATE OR DELETE ON "ledger_postings" FOR EACH ROW EXECUTE FUNCTION "ledger_refuse_change"();\n--> statement-breakpoint\n',
    to: '',
    tests: databaseTests,
  },
  {
    name: 'ledger-complete',
    guards: 'nothing is added to a transaction later',
    file: ledgerRules,
    from: 'WHERE id = NEW.transaction_id AND created_xid = pg_current_xact_id()',
    to: 'WHERE id = NEW.transaction_id',
    tests: databaseTests,
  },
  {
    name: 'ledger-balance-by-postings',
    guards: 'a balance changes by postings alone',
    file: ledgerRules,
    from: 'AND pg_trigger_depth() < 2 THEN',
    to: 'AND pg_trigger_depth() < 0 THEN',
    tests: databaseTests,
  },
  {
    name: 'ledger-hold-ends-once',
    guards: 'a hold ends once',
    file: ledgerRules,
    from: "IF OLD.state <> 'open' OR NEW.state = 'open' THEN",
    to: "IF NEW.state = 'open' THEN",
    tests: databaseTests,
  },
  {
    name: 'ledger-reversed-once',
    guards: 'a transaction is reversed once',
    file: ledgerSql,
    from: '\tCONSTRAINT "ledger_transactions_reverses" UNIQUE("reverses"),\n',
    to: '',
    tests: [...databaseTests, ...postingTests],
  },
  {
    name: 'ledger-fingerprint',
    guards: 'something else under a used key is refused',
    file: transactions,
    from: 'if (!transaction.fingerprint.equals(fingerprint))',
    to: 'if (transaction.fingerprint.length !== fingerprint.length)',
    tests: postingTests,
  },
  {
    name: 'idempotency-fingerprint',
    guards: 'another request under a used key is refused',
    file: idempotency,
    from: 'if (!row.fingerprint.equals(fingerprint))',
    to: 'if (row.fingerprint.length !== fingerprint.length)',
    tests: keyTests,
  },
  {
    name: 'idempotency-lease',
    guards: 'a request that runs is not run a second time',
    file: 'server/src/platform/http/idempotency-rows.ts',
    from: '        lt(keys.leaseUntil, sql`now()`),\n',
    to: '',
    tests: keyTests,
  },
  {
    name: 'idempotency-owner',
    guards: 'whoever lost the lease commits nothing',
    file: idempotency,
    from: "and(isRow(held), eq(keys.owner, held.owner), eq(keys.state, 'in_progress'))",
    to: "and(isRow(held), eq(keys.state, 'in_progress'))",
    tests: keyTests,
  },
  {
    name: 'idempotency-phases',
    guards: 'what was committed once is not done again',
    file: idempotency,
    from: 'if (!saved) return null',
    to: 'if (!saved || phase >= 0) return null',
    tests: keyTests,
  },
  {
    name: 'attempt-one-live',
    guards: 'a payment has one live attempt',
    file: 'server/migrations/0011_payment_attempts.sql',
    from: 'CREATE UNIQUE INDEX "payments_attempts_live"',
    to: 'CREATE INDEX "payments_attempts_live"',
    tests: guardTests,
  },
  {
    name: 'attempt-same-key',
    guards: 'what is not known to be done is sent again under the same key',
    file: attempts,
    from: 'startCollection({ key, body: request })',
    to: 'startCollection({ key: `${key}_${Math.random()}`, body: request })',
    tests: guardTests,
  },
  {
    name: 'attempt-unknown',
    guards: '409 and 429 do not say that nothing was done',
    file: 'server/src/platform/payments/stripe-outcome.ts',
    from: '![401, 403, 409, 429].includes(statusCode)',
    to: '![401, 403].includes(statusCode)',
    tests: guardTests,
  },
  {
    name: 'attempt-created-stays',
    guards: 'what is known to be there stays known',
    file: attempts,
    from: "attempt.outcome === 'created' || attempt.outcome === 'rejected'",
    to: "attempt.outcome === 'rejected'",
    tests: paymentTests,
  },
  {
    name: 'payment-amount',
    guards: 'another amount than was asked for is not taken',
    file: collections,
    from: 'compare(snapshot.price, priceOf(payment)) !== 0 ||',
    to: '',
    tests: paymentTests,
  },
  {
    name: 'payment-received',
    guards: 'less than was asked for is not taken',
    file: collections,
    from: '|| !isWhole(snapshot)',
    to: '|| (!isWhole(snapshot) && snapshot.received === null)',
    tests: guardTests,
  },
  {
    name: 'payment-ref',
    guards: 'another payment’s object is not taken for this one’s',
    file: collections,
    from: 'named?.providerRef === null ? named : null',
    to: 'named ?? null',
    tests: paymentTests,
  },
  {
    name: 'payment-held-stays',
    guards: 'money that is here stays here, whatever an older answer says',
    file: collections,
    from: 'if (statesWithMoney.includes(payment.state)) return payment.state',
    to: '',
    tests: guardTests,
  },
  {
    name: 'payment-posted-once',
    guards: 'a charge is posted once',
    file: `${room('payments')}/received.ts`,
    from: 'idemKey: `payments.captured:${chargeRef ?? ref}`',
    to: 'idemKey: `payments.captured:${chargeRef ?? ref}:${Math.random()}`',
    tests: guardTests,
  },
]
