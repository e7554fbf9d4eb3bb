/** Form encoding as Stripe reads it: `a[b][0][c]=v` and `a[]=v` become objects and lists. */
import { invalid } from './errors.ts'

export type Form = string | Form[] | { [name: string]: Form }
export type FormObject = { [name: string]: Form }

const maximumDepth = 8

export function decodeForm(text: string): FormObject {
  const root: FormObject = Object.create(null) as FormObject
  for (const [name, value] of new URLSearchParams(text)) put(root, pathOf(name), value)
  return withLists(root) as FormObject
}

/** The same parameters in the same words, whatever their order: what an idempotency key is bound to. */
export function canonicalForm(form: Form): string {
  if (typeof form === 'string') return JSON.stringify(form)
  if (Array.isArray(form)) return `[${form.map(canonicalForm).join(',')}]`
  const names = Object.keys(form).sort()
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalForm(form[name] ?? '')}`).join(',')}}`
}

function pathOf(name: string): string[] {
  const [head = ''] = name.split('[', 1)
  const rest = name.slice(head.length)
  if (head === '' || !/^(?:\[[^[\]]*\])*$/.test(rest))
    throw invalid(`Invalid request: the parameter name ${name} cannot be read.`)
  const path = [head, ...[...rest.matchAll(/\[([^[\]]*)\]/g)].map(([, part]) => part ?? '')]
  if (path.length > maximumDepth) throw invalid(`Invalid request: ${head} is nested too deeply.`)
  return path
}

function put(root: FormObject, path: readonly string[], value: string): void {
  let place = root
  for (const [depth, part] of path.entries()) {
    const name = part === '' ? String(Object.keys(place).length) : part
    if (depth === path.length - 1) {
      place[name] = value
      return
    }
    const next = place[name] ?? (Object.create(null) as FormObject)
    if (typeof next === 'string' || Array.isArray(next))
      throw invalid(`Invalid request: ${path[0]} is both a value and an object.`)
    place[name] = next
    place = next
  }
}

function withLists(form: Form): Form {
  if (typeof form === 'string' || Array.isArray(form)) return form
  const entries = Object.entries(form).map(([name, value]) => [name, withLists(value)] as const)
  const isList = entries.length > 0 && entries.every(([name]) => /^\d+$/.test(name))
  if (isList) return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => value)
  return Object.assign(Object.create(null), Object.fromEntries(entries)) as FormObject
}
