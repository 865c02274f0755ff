import type { Refused } from '@tarwarden/host';

/** The parts of a {@link Refused} that a guard can fill in before it has loaded the core. */
export type ShortRefusal = Pick<Refused, 'subject' | 'reasons' | 'remedies' | 'block' | 'isUpload'>;

/** The error with which a guard refuses a package. Subclasses give it the form that a client needs. */
export class PackageRefusal<R extends ShortRefusal = Refused> extends Error {
  override readonly name: string = 'PackageRefusal';
  readonly refused: R;

  constructor(refused: R, cause?: unknown) {
    super(refused.block, cause === undefined ? {} : { cause });
    this.refused = refused;
  }
}
