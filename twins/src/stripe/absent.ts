/** Fields that Stripe's objects have and this twin never fills: clients may read them all the same. */

type Fields = Readonly<Record<string, unknown>>

const nulls = (...names: string[]): Fields => Object.fromEntries(names.map((name) => [name, null]))

const absent: Readonly<Record<string, Fields>> = {
  charge: {
    ...nulls('application', 'application_fee', 'application_fee_amount'),
    ...nulls('calculated_statement_descriptor', 'failure_balance_transaction', 'on_behalf_of'),
    ...nulls('receipt_number', 'review', 'source', 'statement_descriptor_suffix', 'transfer_data'),
    fraud_details: {},
  },
  'checkout.session': {
    ...nulls('adaptive_pricing', 'after_expiration', 'client_secret', 'collected_information'),
    ...nulls('consent', 'consent_collection', 'currency_conversion', 'customer_account'),
    ...nulls('invoice_creation', 'origin_context', 'payment_link', 'permissions'),
    ...nulls('payment_method_configuration_details', 'recovered_from', 'setup_intent'),
    ...nulls('saved_payment_method_options', 'shipping_address_collection', 'wallet_options'),
    custom_fields: [],
    custom_text: nulls('after_submit', 'shipping_address', 'submit', 'terms_of_service_acceptance'),
    discounts: [],
    payment_method_options: {},
    shipping_options: [],
  },
  customer: nulls('customer_account'),
  dispute: nulls('intended_submission_method'),
  invoice: {
    ...nulls('account_country', 'account_name', 'account_tax_ids', 'application', 'custom_fields'),
    ...nulls('automatically_finalizes_at', 'customer_account', 'customer_address', 'footer'),
    ...nulls('customer_phone', 'customer_shipping', 'default_source', 'effective_at'),
    ...nulls('from_invoice', 'last_finalization_error', 'latest_revision', 'on_behalf_of'),
    ...nulls('receipt_number', 'rendering', 'shipping_cost', 'shipping_details'),
    ...nulls('statement_descriptor', 'subtotal_excluding_tax', 'total_excluding_tax'),
    ...nulls('webhooks_delivered_at'),
    amount_shipping: 0,
    automatic_tax: { enabled: false, ...nulls('disabled_reason', 'liability', 'status') },
    customer_tax_exempt: 'none',
    default_tax_rates: [],
    issuer: { type: 'self' },
    payment_settings: nulls('default_mandate', 'payment_method_options', 'payment_method_types'),
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    total_discount_amounts: [],
    total_pretax_credit_amounts: [],
  },
  item: { adjustable_quantity: null, metadata: {} },
  line_item: { discount_amounts: [], discountable: true, pretax_credit_amounts: [], taxes: [] },
  payment_intent: {
    ...nulls('allowed_payment_method_types', 'customer_account', 'excluded_payment_method_types'),
    ...nulls('managed_payments', 'payment_method_configuration_details', 'payment_record'),
  },
  payment_method: nulls('customer_account'),
  payout: nulls('application_fee', 'application_fee_amount', 'payout_method', 'trace_id'),
  product: nulls('tax_details'),
  refund: nulls('customer_account'),
  subscription: {
    ...nulls('application', 'application_fee_percent', 'billing_cycle_anchor_config'),
    ...nulls('billing_thresholds', 'customer_account', 'days_until_due', 'default_source'),
    ...nulls('managed_payments', 'next_pending_invoice_item_invoice', 'on_behalf_of'),
    ...nulls('pending_invoice_item_interval', 'pending_setup_intent', 'schedule'),
    ...nulls('transfer_data'),
    billing_mode: { type: 'flexible' },
    invoice_settings: { account_tax_ids: null, issuer: { type: 'self' } },
  },
  subscription_item: nulls('billing_thresholds', 'current_trial'),
}

/** Fills them in, in the objects inside as well; what is there stays. Give it a copy. */
export function fillAbsent(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const each of Object.values(value)) fillAbsent(each)
  if (Array.isArray(value) || 'deleted' in value || !('object' in value)) return
  const fields = absent[String(value.object)] ?? {}
  for (const [name, nothing] of Object.entries(fields))
    if (!Object.hasOwn(value, name)) Reflect.set(value, name, structuredClone(nothing))
}
