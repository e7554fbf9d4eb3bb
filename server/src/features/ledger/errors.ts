/** What the ledger says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('ledger', {
  account_not_found: [404, 'There is no such account.'],
  transaction_not_found: [404, 'There is no such transaction.'],
  hold_not_found: [404, 'Nothing is held under this id.'],
  insufficient_funds: [409, 'There is not enough on the account.'],
  account_closed: [409, 'The account is closed.'],
  account_not_empty: [409, 'Only an empty account can be closed.'],
  idem_key_reused: [
    409,
    'Something else was posted under this key.',
    'Use one key for one thing; to repeat it, send the same again.',
  ],
  already_reversed: [409, 'The transaction has been reversed, under another key.'],
  nothing_posted: [422, 'A transaction has at least one posting.'],
  same_account: [422, 'A posting needs two accounts.'],
  unbounded_account: [
    422,
    'Of an account without bounds nothing can be held, and it is not closed.',
  ],
  effective_in_future: [422, 'What has not happened yet cannot be posted.'],
  hold_ended: [409, 'The hold has been released or has expired.'],
  settled_differently: [409, 'The hold was settled for another amount.'],
  more_than_held: [422, 'More is settled than was held.'],
})
