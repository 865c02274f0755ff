import type { Refused } from '@tarwarden/host';

/** Why a package is refused, as an error. */
export class PackageRefusal extends Error {
  override readonly name = 'PackageRefusal';
  readonly refused: Refused;

  constructor(refused: Refused, cause?: unknown) {
    super(refused.headline, cause === undefined ? {} : { cause });
    this.refused = refused;
  }
}

/** Reasons that bun shows; the whole of it is printed when bun has ended. */
const REASONS = 2;

/** What bun prints of a refusal. */
export function describe({ kind, subject, reasons }: Refused): string {
  const why = reasons.slice(0, REASONS).join('\n');
  const more = reasons.length > REASONS ? `\n(and ${reasons.length - REASONS} more)` : '';
  const head = kind === 'rejected' ? 'refused' : 'not inspected, so not installed';
  return `tarwarden: ${head}: ${subject}\n${why}${more}`;
}
