/** The newest version of each kind, for a question about every pnpm that may run. */
export const PNPM_VERSIONS = ['10.99.0', '11.99.0', '12.99.0'] as const;

/** The major version of pnpm. Guards load this file at every start, and no parser of versions. */
export function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}
