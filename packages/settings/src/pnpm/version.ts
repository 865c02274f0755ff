/** The major version of pnpm. Guards load this file at every start, and no parser of versions. */
export function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}
