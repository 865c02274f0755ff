import { EXIT } from '../run/exit-codes.ts';
import { report, type StatusChannel } from '../run/status.ts';
import { plural } from '@tarwarden/core/text';
import type { Refused } from '@tarwarden/guard';

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

export interface RefusalsOptions {
  /** Reports each refusal to the wrapper that started the client. Without it, no wrapper needs to know. */
  readonly status?: { readonly env: NodeJS.ProcessEnv; readonly channel: StatusChannel };
  readonly onFirst?: () => void;
}

/**
 * The refusals of one process. A client may swallow an error (an optional dependency, a fall-back to git). So the guard
 * throws the first refusal again at the next call, and the command does not end with success.
 */
export class Refusals<E extends Error> {
  readonly #refusals: E[] = [];
  readonly #options: RefusalsOptions;

  constructor(options: RefusalsOptions = {}) {
    this.#options = options;
  }

  get all(): readonly E[] {
    return this.#refusals;
  }

  /** Keeps a refusal and reports it, once, and returns it to be thrown. */
  add(refusal: E): E {
    if (this.#refusals.includes(refusal)) return refusal;
    this.#refusals.push(refusal);
    const { status, onFirst } = this.#options;
    if (status !== undefined) {
      const subject = refusal instanceof PackageRefusal ? refusal.refused.subject : refusal.message;
      report(status.env, status.channel, { event: 'blocked', subject });
    }
    if (this.#refusals.length === 1) onFirst?.();
    return refusal;
  }

  rethrow(): void {
    const [first] = this.#refusals;
    if (first !== undefined) throw first;
  }
}

/** Gives the process the exit code of a refusal, unless it has failed already. For a listener of `exit`. */
export function failInsteadOfSuccess(): void {
  if (Number(process.exitCode ?? 0) === 0) process.exitCode = EXIT.BLOCKED;
}

const SHOWN_MAX = 20;

interface RefusalListOptions {
  /** The client's name for a package: `module`. */
  readonly noun: string;
  readonly moreText?: (refusal: PackageRefusal) => string | undefined;
}

/** Prints all refusals of a run after the client has ended. The client itself shows at most a part of each. */
export function showRefusals(
  refusals: readonly PackageRefusal[],
  { noun, moreText = () => undefined }: RefusalListOptions,
): void {
  if (refusals.length === 0) return;
  const shownRefusals = refusals.slice(0, SHOWN_MAX);
  const blocks = shownRefusals.flatMap((refusal) =>
    [refusal.refused.block, moreText(refusal) ?? []].flat(),
  );
  const note = refusals.length > SHOWN_MAX ? `, the first ${SHOWN_MAX} are shown` : '';
  blocks.push(`tarwarden: refused ${plural(refusals.length, noun)}${note}`);
  process.stderr.write(`${blocks.join('\n')}\n`);
}
