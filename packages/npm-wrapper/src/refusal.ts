import { PackageRefusal, type ShortRefusal } from '@tarwarden/guarded-run/kit';

/** A {@link ShortRefusal}, of a package or of the project that npm works in. */
export interface RefusedByNpm extends ShortRefusal {
  /** Set if a file or folder of the project is the reason, so that npm must install no package. */
  readonly inProject?: true;
}

/**
 * The error that npm gets for a refusal. Its code must not start with `TAR_`, because pacote would then try a clone. It also must not
 * be a code for which pacote tries again (EINTEGRITY, ENOENT, …).
 */
export class NpmRefusal extends PackageRefusal<RefusedByNpm> {
  override readonly name = 'Refusal';
  readonly code = 'ETARWARDEN';

  constructor(refused: RefusedByNpm, cause?: unknown) {
    super(refused, cause);
    // npm logs stacks. Ours would show nothing but the guard's own code.
    this.stack = `${this.name}: ${refused.block}`;
  }
}
