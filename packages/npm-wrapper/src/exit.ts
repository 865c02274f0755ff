import type { EventEmitter } from 'node:events';
import { failInsteadOfSuccess } from '@tarwarden/guarded-run/kit';
import type { Refusal } from './refusal.ts';

/**
 * Sees to it that npm does not end with success, and lists what was refused. Called at the first refusal and
 * not before: exit listeners run in order, and npm's own sets the exit code.
 */
export function listAtExit(refusals: { readonly all: readonly Refusal[] }): void {
  const said = new Set<string>();
  // What npm logs, shown or not: the one refusal that it fails with is among its errors, with all advice about it.
  const emitter: EventEmitter = process;
  emitter.on('log', (level: unknown, ...texts: unknown[]) => {
    if (level !== 'error' || process.env['npm_config_loglevel'] === 'silent') return;
    for (const { message, refused } of refusals.all)
      if (texts.includes(message)) for (const remedy of refused.remedies) said.add(remedy);
  });
  process.on('exit', () => {
    failInsteadOfSuccess();
    process.stderr.write(`${summary(refusals.all, said)}\n`);
  });
}

/** Reasons shown for one package; the full list is in the message that npm printed. */
const MAX_REASONS = 8;

/**
 * What was refused, for the end of a run, and what to do about it unless that was `said` before. Starts with an empty line;
 * ends without a line feed.
 */
export function summary(
  refusals: readonly Refusal[],
  said: ReadonlySet<string> = new Set(),
): string {
  const known = new Set(said);
  const one = refusals.length === 1;
  const what = one ? '1 package' : `${refusals.length} packages`;
  const lines = [
    '',
    refusals.some(({ refused }) => refused.inProject === true)
      ? 'tarwarden: refused to install in this project'
      : `tarwarden: refused ${what}; nothing of ${one ? 'it' : 'them'} was unpacked`,
  ];
  for (const { refused } of refusals) {
    lines.push(`  ${refused.subject}`);
    for (const reason of refused.reasons.slice(0, MAX_REASONS)) lines.push(`    ${reason}`);
    const more = refused.reasons.length - MAX_REASONS;
    if (more > 0) lines.push(`    … and ${more} more`);
    for (const remedy of refused.remedies.filter((one) => !known.has(one)).slice(0, MAX_REASONS)) {
      known.add(remedy);
      lines.push(`    what to do: ${remedy}`);
    }
  }
  return lines.join('\n');
}
