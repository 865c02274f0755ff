/** Why a package was refused. Text is escaped for a terminal already. */
export interface Refused {
  /** `name@version`, or what else is known of it. */
  readonly subject: string;
  /** Not a package: something in the project keeps npm from installing at all. */
  readonly inProject?: true;
  /** What rejects it, one line each. */
  readonly reasons: readonly string[];
  /** What to do, one line for each rule that rejects it. */
  readonly remedies: readonly string[];
  /** All of it, for the error that npm prints. Several lines. */
  readonly message: string;
}

/**
 * What npm sees of a refusal. The code must not start with `TAR_` (pacote would fall back to a clone) and
 * must not be one that pacote retries (EINTEGRITY, ENOENT, …).
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code = 'ETARWARDEN';
  readonly refused: Refused;

  constructor(refused: Refused, options: { cause?: unknown } = {}) {
    super(refused.message, options);
    this.refused = refused;
    // npm logs stacks; ours would show nothing but the guard's own code.
    this.stack = `${this.name}: ${refused.message}`;
  }
}

const refusals: Refusal[] = [];

/** Every refusal of this process, in order. */
export function allRefusals(): readonly Refusal[] {
  return refusals;
}

export function remember(refusal: Refusal): void {
  refusals.push(refusal);
}
