/** How a variable's name becomes a key of the config: DATABASE_URL is `databaseUrl`, in types and at run time. */

type PascalCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Capitalize<Lowercase<Head>>}${PascalCase<Tail>}`
  : Capitalize<Lowercase<S>>

export type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${PascalCase<Tail>}`
  : Lowercase<S>

export function camelCase<const S extends string>(name: S): CamelCase<S>
export function camelCase(name: string): string {
  return name.toLowerCase().replace(/_(?<letter>.)/g, (_, letter: string) => letter.toUpperCase())
}
