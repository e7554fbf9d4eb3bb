/** HTTP: accounts and transactions of the ledger, to be read; and whether it is true to itself. */
import { Type } from 'typebox'
import { type App, dataOf, listOf, pageQuery, presentPage } from '../../platform/http/index.ts'
import { Time } from '../../platform/http/schemas.ts'
import { AssetCode } from '../../platform/money/index.ts'
import { getAccount, getBalance, listAccounts } from './accounts.ts'
import { errors } from './errors.ts'
import { checkLedger } from './invariants.ts'
import { getTransaction, listPostings, listTransactions } from './journal.ts'
import {
  AccountPostingView,
  AccountView,
  Id,
  ReportView,
  TransactionView,
  presentAccount,
  presentPosting,
  presentReport,
  presentTransaction,
} from './views.ts'

const read = { can: 'ledger.read' } as const
const Word = Type.String({ minLength: 1, maxLength: 200 })
const params = Type.Object({ id: Id })

export async function ledgerRoutes(app: App) {
  app.get('/ledger/accounts', {
    config: read,
    schema: {
      operationId: 'ledger.listAccounts',
      summary: 'Accounts of the ledger with their balances, newest first',
      querystring: Type.Object({
        ...pageQuery,
        kind: Type.Optional(Word),
        ownerId: Type.Optional(Word),
        currency: Type.Optional(AssetCode),
      }),
      response: { 200: listOf(AccountView) },
    },
    handler: async (request, reply) => {
      const { limit = 20, cursor, currency, ...filter } = request.query
      const page = await listAccounts(request.ctx, { ...filter, asset: currency, limit, cursor })
      return presentPage(request, reply, page, presentAccount)
    },
  })

  app.get('/ledger/accounts/:id', {
    config: { ...read, errors: [errors.account_not_found] },
    schema: {
      operationId: 'ledger.getAccount',
      summary: 'One account, and what is on it',
      params,
      querystring: Type.Object({
        at: Type.Optional(
          Type.String({
            format: 'date-time',
            description: 'The balance of that time: of all that had taken effect by then.',
          }),
        ),
      }),
      response: { 200: dataOf(AccountView) },
    },
    handler: async (request) => ({
      data: presentAccount(
        await getBalance(request.ctx, request.params.id, timeIn(request.query.at)),
      ),
    }),
  })

  app.get('/ledger/accounts/:id/postings', {
    config: { ...read, errors: [errors.account_not_found] },
    schema: {
      operationId: 'ledger.listPostings',
      summary: 'What came to an account and left it, newest first',
      params,
      querystring: Type.Object(pageQuery),
      response: { 200: listOf(AccountPostingView) },
    },
    handler: async (request, reply) => {
      const { limit = 20, cursor } = request.query
      const { id } = await getAccount(request.ctx, request.params.id)
      const page = await listPostings(request.ctx, { accountId: id, limit, cursor })
      return presentPage(request, reply, page, presentPosting(id))
    },
  })

  app.get('/ledger/transactions', {
    config: read,
    schema: {
      operationId: 'ledger.listTransactions',
      summary: 'Transactions of the ledger, newest first',
      querystring: Type.Object({
        ...pageQuery,
        reason: Type.Optional(Word),
        refType: Type.Optional(Word),
        refId: Type.Optional(Word),
        from: Type.Optional(Time),
        to: Type.Optional(Time),
      }),
      response: { 200: listOf(TransactionView) },
    },
    handler: async (request, reply) => {
      const { limit = 20, from, to, ...query } = request.query
      const filter = { ...query, from: timeIn(from), to: timeIn(to) }
      const page = await listTransactions(request.ctx, { ...filter, limit })
      return presentPage(request, reply, page, presentTransaction)
    },
  })

  app.get('/ledger/transactions/:id', {
    config: { ...read, errors: [errors.transaction_not_found] },
    schema: {
      operationId: 'ledger.getTransaction',
      summary: 'One transaction, with its postings and what undid it',
      params,
      response: { 200: dataOf(TransactionView) },
    },
    handler: async (request) => ({
      data: presentTransaction(await getTransaction(request.ctx, request.params.id)),
    }),
  })

  app.get('/ledger/check', {
    config: { can: 'ledger.check' },
    schema: {
      operationId: 'ledger.check',
      summary: 'Whether the ledger is true to itself, as it is now',
      description:
        'Reads all of it at one moment. The same is checked every 15 minutes, and by `ashlar ledger check`.',
      response: { 200: dataOf(ReportView) },
    },
    handler: async (request) => ({ data: presentReport(await checkLedger(request.ctx)) }),
  })
}

const timeIn = (text: string | undefined) => (text === undefined ? undefined : new Date(text))
