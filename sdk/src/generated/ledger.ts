// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

import { type Operation, operation } from '../operation.ts'
import type * as types from './types.ts'

/**
 * Accounts of the ledger with their balances, newest first
 */
export const listAccounts: Operation<types.LedgerListAccountsData, types.LedgerListAccountsResponse, types.LedgerListAccountsError> =
  /* @__PURE__ */ operation('GET', '/api/v1/ledger/accounts')

/**
 * One account, and what is on it
 */
export const getAccount: Operation<types.LedgerGetAccountData, types.LedgerGetAccountResponse, types.LedgerGetAccountError> =
  /* @__PURE__ */ operation('GET', '/api/v1/ledger/accounts/{id}')

/**
 * What came to an account and left it, newest first
 */
export const listPostings: Operation<types.LedgerListPostingsData, types.LedgerListPostingsResponse, types.LedgerListPostingsError> =
  /* @__PURE__ */ operation('GET', '/api/v1/ledger/accounts/{id}/postings')

/**
 * Transactions of the ledger, newest first
 */
export const listTransactions: Operation<types.LedgerListTransactionsData, types.LedgerListTransactionsResponse, types.LedgerListTransactionsError> =
  /* @__PURE__ */ operation('GET', '/api/v1/ledger/transactions')

/**
 * One transaction, with its postings and what undid it
 */
export const getTransaction: Operation<types.LedgerGetTransactionData, types.LedgerGetTransactionResponse, types.LedgerGetTransactionError> =
  /* @__PURE__ */ operation('GET', '/api/v1/ledger/transactions/{id}')

/**
 * Whether the ledger is true to itself, as it is now
 *
 * Reads all of it at one moment. The same is checked every 15 minutes, and by `ashlar ledger check`.
 */
export const check: Operation<types.LedgerCheckData, types.LedgerCheckResponse, types.LedgerCheckError> =
  /* @__PURE__ */ operation('GET', '/api/v1/ledger/check')
