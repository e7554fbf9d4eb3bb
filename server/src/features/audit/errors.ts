/** What the audit room says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('audit', {
  fact_not_found: [
    404,
    'There is no such entry in the audit log.',
    'Entries older than `AUDIT_RETENTION` are gone.',
  ],
  contradicting_filters: [
    422,
    'Two spellings of one filter have different values.',
    'Give one of them.',
  ],
  nothing_found: [
    404,
    'Nothing is known under this id.',
    'Give the id of a request, a user, a job or an entry, or an e-mail address.',
  ],
})
