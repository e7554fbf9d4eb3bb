/** A person on somebody else’s page, such as a payment provider’s: reads it, and presses a button. */

export const readPage = async (url: string) => (await fetch(url)).text()

/** Sends the form of a page; where it leads is told, not followed. */
export async function sendForm(url: string, fields: Readonly<Record<string, string>>) {
  const body = new URLSearchParams(fields)
  const reply = await fetch(url, { method: 'POST', body, redirect: 'manual' })
  await reply.body?.cancel()
  return { status: reply.status, to: reply.headers.get('location') }
}
