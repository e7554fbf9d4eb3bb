/** Ways to pay that behave as their names say, with the names and numbers that Stripe documents for tests. */

export type Outcome =
  | { kind: 'success' }
  | { kind: 'decline'; code: string; declineCode: string; message: string }
  | { kind: 'authenticate'; after: Outcome }
  /** The bank decides later. */
  | { kind: 'later'; after: 'success' | 'failure' }
  | { kind: 'dispute'; reason: string; isInquiry: boolean }

export type TestCard = {
  readonly name: string
  /** None for what is not a card. */
  readonly number: string | null
  readonly type: 'card' | 'us_bank_account'
  readonly brand: string
  readonly outcome: Outcome
  /** Whether the money is there at once. */
  readonly isSettledAtOnce?: boolean
  readonly refund?: 'pending' | 'fails'
}

const success: Outcome = { kind: 'success' }
const declinedWith = (declineCode: string): Outcome => ({
  kind: 'decline',
  code: 'card_declined',
  declineCode,
  message: 'Your card was declined.',
})
const refusedWith = (code: string, message: string): Outcome => ({
  kind: 'decline',
  code,
  declineCode: code,
  message,
})
const authenticate = (after: Outcome): Outcome => ({ kind: 'authenticate', after })
const disputed = (reason: string, isInquiry = false): Outcome => ({
  kind: 'dispute',
  reason,
  isInquiry,
})
const card = (
  name: string,
  number: string,
  outcome: Outcome,
  more: Partial<TestCard> = {},
): TestCard => ({ name, number, type: 'card', brand: 'visa', outcome, ...more })
const bank = (name: string, after: 'success' | 'failure'): TestCard => ({
  name,
  number: null,
  type: 'us_bank_account',
  brand: 'bank',
  outcome: { kind: 'later', after },
})

const funds = declinedWith('insufficient_funds')

export const testCards: readonly TestCard[] = [
  card('visa', '4242424242424242', success),
  card('mastercard', '5555555555554444', success, { brand: 'mastercard' }),
  card('amex', '378282246310005', success, { brand: 'amex' }),
  card('bypassPending', '4000000000000077', success, { isSettledAtOnce: true }),
  card('visa_chargeDeclined', '4000000000000002', declinedWith('generic_decline')),
  card('visa_chargeDeclinedInsufficientFunds', '4000000000009995', funds),
  card('visa_chargeDeclinedLostCard', '4000000000009987', declinedWith('lost_card')),
  card('visa_chargeDeclinedStolenCard', '4000000000009979', declinedWith('stolen_card')),
  card(
    'chargeDeclinedExpiredCard',
    '4000000000000069',
    refusedWith('expired_card', 'Your card has expired.'),
  ),
  card(
    'chargeDeclinedIncorrectCvc',
    '4000000000000127',
    refusedWith('incorrect_cvc', "Your card's security code is incorrect."),
  ),
  card(
    'chargeDeclinedProcessingError',
    '4000000000000119',
    refusedWith('processing_error', 'An error occurred while processing your card.'),
  ),
  card('chargeCustomerFail', '4000000000000341', declinedWith('generic_decline')),
  card('authenticationRequired', '4000002760003184', authenticate(success)),
  card('threeDSecure2Required', '4000000000003220', authenticate(success)),
  card(
    'authenticationRequiredChargeDeclinedInsufficientFunds',
    '4000008260003178',
    authenticate(funds),
  ),
  card('createDispute', '4000000000000259', disputed('fraudulent')),
  card('createDisputeProductNotReceived', '4000000000002685', disputed('product_not_received')),
  card('createDisputeInquiry', '4000000000001976', disputed('fraudulent', true)),
  card('pendingRefund', '4000000000007726', success, { refund: 'pending' }),
  card('refundFail', '4000000000005126', success, { refund: 'fails' }),
  bank('usBankAccount_success', 'success'),
  bank('usBankAccount_insufficientFunds', 'failure'),
]

/** By `pm_card_visa`, `tok_visa` or the number. */
export function findTestCard(name: string): TestCard | null {
  return (
    testCards.find(
      (each) =>
        each.number === name ||
        `tok_${each.name}` === name ||
        (each.type === 'card' ? `pm_card_${each.name}` : `pm_${each.name}`) === name,
    ) ?? null
  )
}
