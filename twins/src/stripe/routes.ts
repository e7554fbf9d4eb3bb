/** Finds the operation a request asks for. What is not here is answered as Stripe answers what it does not have. */
import { accountOperations } from './accounts.ts'
import { adminOperations } from './admin.ts'
import { tamperingOperations } from './tampering.ts'
import { balanceOperations } from './balance.ts'
import { chargeOperations } from './charges.ts'
import { checkoutOperations } from './checkout-sessions.ts'
import { customerOperations } from './customers.ts'
import { disputeOperations } from './disputes.ts'
import { unrecognizedUrl } from './errors.ts'
import { eventOperations } from './events.ts'
import { invoiceOperations } from './invoice-operations.ts'
import { invoicePreviewOperations } from './invoice-previews.ts'
import type { Operation } from './operation.ts'
import { paymentIntentOperations } from './payment-intents.ts'
import { paymentMethodOperations } from './payment-methods.ts'
import { payoutOperations } from './payouts.ts'
import { portalOperations } from './portal.ts'
import { priceOperations } from './prices.ts'
import { productOperations } from './products.ts'
import { refundOperations } from './refunds.ts'
import { subscriptionOperations } from './subscription-operations.ts'
import { testClockOperations } from './test-clocks.ts'
import { transferReversalOperations } from './transfer-reversals.ts'
import { transferOperations } from './transfers.ts'
import { webhookEndpointOperations } from './webhook-endpoints.ts'

const operations: readonly Operation[] = [
  ...accountOperations,
  ...adminOperations,
  ...tamperingOperations,
  ...balanceOperations,
  ...chargeOperations,
  ...checkoutOperations,
  ...customerOperations,
  ...disputeOperations,
  ...eventOperations,
  // Before the others: its path looks like the id of an invoice.
  ...invoicePreviewOperations,
  ...invoiceOperations,
  ...paymentIntentOperations,
  ...paymentMethodOperations,
  ...payoutOperations,
  ...portalOperations,
  ...priceOperations,
  ...productOperations,
  ...refundOperations,
  ...subscriptionOperations,
  ...testClockOperations,
  ...transferOperations,
  ...transferReversalOperations,
  ...webhookEndpointOperations,
]

export type Route = { operation: Operation; parts: Readonly<Record<string, string>> }

export function findRoute(method: string, path: string): Route {
  for (const operation of operations) {
    if (operation.method !== method) continue
    const parts = partsOf(operation.path, path)
    if (parts) return { operation, parts }
  }
  throw unrecognizedUrl(method, path)
}

/** Null when the path is another one. */
export function partsOf(pattern: string, path: string): Record<string, string> | null {
  const [wanted, given] = [pattern.split('/'), path.split('/')]
  if (wanted.length !== given.length) return null
  const parts: Record<string, string> = {}
  for (const [index, name] of wanted.entries()) {
    const value = given[index] ?? ''
    if (!name.startsWith(':')) {
      if (name !== value) return null
    } else if (value === '') return null
    else parts[name.slice(1)] = decode(value)
  }
  return parts
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
