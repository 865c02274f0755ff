/* Messages that all guards use to refuse without an inspection. */
import type { Refused } from '@tarwarden/guard';
import type { ShortRefusal } from './refusals.ts';

const CORRECT = 'correct this problem, then run the command again';

/** For a guard that cannot work: its policy is not valid, or a file of it cannot be loaded. */
export function nothingInspected(cause: unknown): ShortRefusal {
  const why = cause instanceof Error ? cause.message : String(cause);
  const block = `tarwarden: ${nothingInspectedLine(why)}\nwhat to do: ${CORRECT}`;
  return { subject: 'every package', reasons: [why], remedies: [CORRECT], block };
}

/** The same in one line, for a client that prefixes its errors. */
export function nothingInspectedLine(why: string): string {
  return `nothing can be inspected, so nothing is installed: ${why}`;
}

/** For a project in which no package may be installed, because of one of its files or folders. */
export function nothingInstalled(subject: string, reason: string, remedy: string): ShortRefusal {
  const block = `tarwarden: nothing is installed: ${reason}\nwhat to do: ${remedy}`;
  return { subject, reasons: [reason], remedies: [remedy], block };
}

/** The same in one line, for a client that prefixes its errors. */
export function nothingInstalledLine(reason: string, remedy: string): string {
  return `nothing is installed: ${reason}. What to do: ${remedy}`;
}

/** For a package without any known facts but the reason why it cannot be inspected. */
export function packageNotInspected(subject: string, reason: string): ShortRefusal {
  const block = `tarwarden: not inspected, so not installed: ${subject}\n  reason:  ${reason}`;
  return { subject, reasons: [reason], remedies: [], block };
}

/** Reasons of a refusal in an excerpt. */
const EXCERPT_REASONS = 2;

/** The first lines of a refusal, for a client that shows only a few. {@link showRefusals} prints all of it at the end. */
export function refusalExcerpt({ block, reasons }: Refused): string[] {
  const moreCount = reasons.length - EXCERPT_REASONS;
  return [
    ...block.split('\n', 1),
    ...reasons.slice(0, EXCERPT_REASONS).map((reason) => `  ${reason}`),
    ...(moreCount > 0 ? [`  and ${moreCount} more`] : []),
  ];
}
