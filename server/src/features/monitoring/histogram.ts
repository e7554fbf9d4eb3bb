/**
 * Histograms of durations that add up: log-linear bins as in HDR histograms (hdrhistogram.org), 64 to each doubling. A bin
 * is read off the bits of the number, so that to record costs no logarithm, and its middle is less than 0.8 % away
 * from everything in it.
 */

/** Bits of the mantissa that choose the bin within a doubling. */
const stepBits = 6
const steps = 2 ** stepBits
/** The first bin begins at 2^-10 ms, about a microsecond; the last ends at 2^22 ms, over an hour. */
const lowestExponent = -10
const highestExponent = 22
const exponentBias = 1023
const highWordMantissaBits = 20
const lowestBin = (exponentBias + lowestExponent) << stepBits
const lastBin = ((highestExponent - lowestExponent) << stepBits) - 1

const scratch = new DataView(new ArrayBuffer(8))

/** The bin of a duration; what is too short or too long counts in the first or the last. */
export function binOf(ms: number): number {
  scratch.setFloat64(0, ms)
  const bin = (scratch.getUint32(0) >>> (highWordMantissaBits - stepBits)) - lowestBin
  return bin < 0 || !(ms > 0) ? 0 : Math.min(bin, lastBin)
}

/** The middle of a bin, in milliseconds. */
export function middleOf(bin: number): number {
  const step = bin % steps
  return 2 ** (lowestExponent + (bin - step) / steps) * (1 + (step + 0.5) / steps)
}

export type Bins = readonly { readonly bin: number; readonly count: number }[]

/** By nearest rank: the least duration that so large a share of all is no longer than. `bins` are in order. */
export function percentileOf(bins: Bins, share: number): number {
  const total = bins.reduce((sum, { count }) => sum + count, 0)
  let rank = Math.max(1, Math.ceil(total * share))
  for (const { bin, count } of bins) {
    rank -= count
    if (rank <= 0) return middleOf(bin)
  }
  return 0
}
