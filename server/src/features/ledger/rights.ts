/** What the application's role may do in the ledger: add to it and read it. Only what is named here may change. */

/** A connection of the owner's. */
type Connection = { query(statement: string): Promise<unknown> }

/** Per table the columns that may be changed; nothing is ever removed. */
const changeable = {
  ledger_assets: [],
  ledger_accounts: ['closed_at'],
  ledger_transactions: [],
  ledger_postings: [],
  ledger_holds: ['state', 'settled_amount', 'transaction_id', 'ended_at'],
} as const

/** Takes back what the role may do with every other table. `role` is an identifier, quoted. */
export async function restrictLedger(client: Connection, role: string): Promise<void> {
  for (const [table, columns] of Object.entries(changeable)) {
    await client.query(`revoke update, delete, truncate on ${table} from ${role}`)
    if (columns.length > 0)
      await client.query(`grant update (${columns.join(', ')}) on ${table} to ${role}`)
  }
  await client.query(`revoke insert on ledger_assets from ${role}`)
}
