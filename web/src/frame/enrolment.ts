/** Where somebody is led whose role needs a second factor that they do not have yet, and back from there. */
export const enrolmentPath = '/account/security/authenticator'

/** A path of ours to go on to; anything else that stands in an address leads to `otherwise`. */
export const ownPath = (given: string | undefined, otherwise: string): string =>
  given !== undefined && /^[/](?![/\\])/.test(given) ? given : otherwise
