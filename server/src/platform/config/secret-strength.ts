/** Whether a secret can be guessed: too short, copied from an example, or made of too little chance. */

/** 32 characters of base64 hold 192 bits, of hexadecimal 128: the least we sign with (S2.35 asks for 32). */
export const MIN_SECRET_CHARACTERS = 32

/** Below this many different characters no 32-character secret came from a generator (16 hex digits show about 14). */
const MIN_DIFFERENT_CHARACTERS = 8

/** Shannon estimate over the whole text; 32 random hexadecimal digits come to about 115. */
const MIN_ESTIMATED_BITS = 96

/** Passwords and keys that every attacker tries first, compared without punctuation and case. */
const KNOWN_DEFAULTS = new Set(
  `secret secrets password passw0rd pass admin administrator root test testing demo default example changeit
  postgres postgresql ashlar ashlarapp development dev local localhost token key apikey jwt session none null
  undefined letmein qwerty 123456 12345678 123456789 1234567890 whsec whsectest sktest sklive`.split(
    /\s+/,
  ),
)

/** Phrases of sample files. Each is at least seven characters, so that chance does not produce them. */
const SAMPLE_PHRASES =
  `changeme changethis replaceme replacethis replacewith placeholder example yoursecret yourjwt yourkey yourtoken
  yoursession yourcsrf yourstripe yoursuper mysecret mysuper supersecret secretkey jwtsecret csrfsecret
  sessionsecret devsecret testsecret secretsecret insecure notsecure notasecret keyboardcat fixmefixme password
  default development onlyfordev 12345678 01234567 abcdefgh qwertyui asdfghjk deadbeef`.split(/\s+/)

/** Completes "NAME …" when the secret is too weak to sign with, else undefined. Does not repeat the secret. */
export function describeWeakness(secret: string): string | undefined {
  if (isWellKnown(secret)) return 'is a well-known default or sample value'
  if (isRepetitive(secret)) return 'repeats the same few characters'
  if (secret.length < MIN_SECRET_CHARACTERS) {
    return `is shorter than ${MIN_SECRET_CHARACTERS} characters`
  }
  return estimateBits(secret) < MIN_ESTIMATED_BITS ? 'is too predictable' : undefined
}

/** True for values copied from documentation: `changeme`, `your-secret-key`, `sk_live_xxxx`, `<token>`. */
export function isWellKnown(secret: string): boolean {
  const plain = secret.toLowerCase().replace(/[^a-z0-9]/g, '')
  return (
    plain === '' ||
    KNOWN_DEFAULTS.has(plain) ||
    SAMPLE_PHRASES.some((phrase) => plain.includes(phrase)) ||
    /x{6}|^<.*>$|\.{3}|…/i.test(secret)
  )
}

export const knownDefaults: Iterable<string> = KNOWN_DEFAULTS

function isRepetitive(secret: string): boolean {
  const isOneBlockAgain = /^(?<block>.+?)\k<block>+$/s.test(secret)
  return isOneBlockAgain || new Set(secret).size < Math.min(MIN_DIFFERENT_CHARACTERS, secret.length)
}

function estimateBits(secret: string): number {
  const counts = Map.groupBy(secret, (character) => character)
  let bitsPerCharacter = 0
  for (const { length } of counts.values()) {
    const share = length / secret.length
    bitsPerCharacter -= share * Math.log2(share)
  }
  return bitsPerCharacter * secret.length
}
