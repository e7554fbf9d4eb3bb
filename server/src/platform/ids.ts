/** Ids as text: UUIDs in lower case, as PostgreSQL writes them. */

export const uuidPattern = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
const form = new RegExp(uuidPattern)

/** For what somebody else has written, before a query compares it with ids. */
export const isUuid = (text: string): boolean => form.test(text)
