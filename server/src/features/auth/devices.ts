/** Devices, as far as a user agent tells: a name that its owner recognises. It is what the client says, and proves nothing. */

const browsers: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\/|\bOpera\b/, 'Opera'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bChrome\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
  [/^curl\//, 'curl'],
]
const systems: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]
/** Programs call themselves `name/version`; more than this of it is no name. */
const maxProgramNameLength = 40

/** `Firefox on Linux`, `curl`, or `Unknown device`. */
export function describeDevice(userAgent: string | null): string {
  if (userAgent === null) return 'Unknown device'
  const named = (list: typeof browsers) => list.find(([pattern]) => pattern.test(userAgent))?.[1]
  const program = /^([\w.-]+)\//.exec(userAgent)?.[1]
  const isBrowser = program === undefined || program === 'Mozilla'
  const browser =
    named(browsers) ?? (isBrowser ? 'Browser' : program.slice(0, maxProgramNameLength))
  const system = named(systems)
  return system === undefined ? browser : `${browser} on ${system}`
}
