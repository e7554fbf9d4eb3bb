/** Makes the values of settings fit to be shown: secrets and the credentials inside URLs are masked. */

export const MASK = '••••'

/** Query parameters that some drivers take credentials from (`?password=`, `?sslkey=`). */
const SECRET_PARAMETER = /pass|secret|token|key|auth|credential|signature/i

/** Masks user, password and secret query values. What is no URL is masked whole. */
export function redactUrl(text: string): string {
  if (!URL.canParse(text)) return MASK
  const url = new URL(text)
  if (!url.username && !url.password && !url.search) return text
  const userinfo = url.username || url.password ? `${MASK}@` : ''
  const query = [...url.searchParams].map(([name, value]) =>
    SECRET_PARAMETER.test(name) ? `${name}=${MASK}` : `${name}=${value}`,
  )
  const search = query.length > 0 ? `?${query.join('&')}` : ''
  return `${url.protocol}//${userinfo}${url.host}${url.pathname}${search}`
}
