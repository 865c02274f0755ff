import type { Refused } from '@tarwarden/host';

/** Why something was refused: a {@link Refused} of the shared inspector, or what is known without it. Escaped for a terminal. */
export interface RefusedByNpm extends Pick<Refused, 'subject' | 'reasons' | 'remedies' | 'block'> {
  /** Not a package: something in the project keeps npm from installing at all. */
  readonly inProject?: true;
}

/**
 * What npm sees of a refusal. The code must not start with `TAR_` (pacote would fall back to a clone) and
 * must not be one that pacote retries (EINTEGRITY, ENOENT, …).
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code = 'ETARWARDEN';
  readonly refused: RefusedByNpm;

  constructor(refused: RefusedByNpm, cause?: unknown) {
    super(refused.block, cause === undefined ? {} : { cause });
    this.refused = refused;
    // npm logs stacks; ours would show nothing but the guard's own code.
    this.stack = `${this.name}: ${refused.block}`;
  }
}
