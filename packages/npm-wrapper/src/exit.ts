import type { EventEmitter } from 'node:events';
import { failInsteadOfSuccess, PackageRefusal, type ShortRefusal } from '@tarwarden/guard/kit';

/**
 * Makes npm end with a failure and list the refusals at the end. Call it at the first refusal, not earlier: exit listeners run in
 * order, and npm's own listener, which sets the exit code, must run first.
 */
export function listAtExit(refusals: { readonly all: readonly NpmRefusal[] }): void {
  // npm logs the refusal that ends it as an error, with its advice. Do not repeat that advice.
  const printedRemedies = new Set<string>();
  const emitter: EventEmitter = process;
  emitter.on('log', (level: unknown, ...texts: unknown[]) => {
    if (level !== 'error' || process.env['npm_config_loglevel'] === 'silent') return;
    for (const { message, refused } of refusals.all)
      if (texts.includes(message))
        for (const remedy of refused.remedies) printedRemedies.add(remedy);
  });
  process.on('exit', () => {
    failInsteadOfSuccess();
    process.stderr.write(`${summary(refusals.all, printedRemedies)}\n`);
  });
}

/** Reasons shown for one package; the full list is in the message that npm printed. */
const MAX_REASONS = 8;

/**
 * The list of refusals at the end of a run, without the advice in `printedRemedies`. It starts with an empty line and ends without a line feed.
 */
export function summary(
  refusals: readonly NpmRefusal[],
  printedRemedies: ReadonlySet<string> = new Set(),
): string {
  const printed = new Set(printedRemedies);
  const isSingle = refusals.length === 1;
  const packages = isSingle ? '1 package' : `${refusals.length} packages`;
  const uploads = refusals.every(({ refused }) => refused.isUpload === true);
  const lines = [
    '',
    refusals.some(({ refused }) => refused.inProject === true)
      ? 'tarwarden: refused to install in this project'
      : `tarwarden: refused ${packages}; nothing of ${isSingle ? 'it' : 'them'} was ${uploads ? 'published' : 'unpacked'}`,
  ];
  for (const { refused } of refusals) {
    lines.push(`  ${refused.subject}`);
    for (const reason of refused.reasons.slice(0, MAX_REASONS)) lines.push(`    ${reason}`);
    const moreCount = refused.reasons.length - MAX_REASONS;
    if (moreCount > 0) lines.push(`    … and ${moreCount} more`);
    for (const remedy of refused.remedies
      .filter((advice) => !printed.has(advice))
      .slice(0, MAX_REASONS)) {
      printed.add(remedy);
      lines.push(`    what to do: ${remedy}`);
    }
  }
  return lines.join('\n');
}

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
