import { plural } from '@tarwarden/core/text';
import type { PackageRefusal } from './package-refusal.ts';

/** Refusals that are printed whole. */
const SHOWN_MAX = 20;

export interface RefusalListOptions {
  /** The client's name for a package: `module`. */
  readonly noun: string;
  /** A further line for one refusal. */
  readonly more?: (refusal: PackageRefusal) => string | undefined;
}

/** Prints all refusals of a run when the client has ended. The client itself has shown a part of each at most. */
export function showRefusals(
  refusals: readonly PackageRefusal[],
  { noun, more = () => undefined }: RefusalListOptions,
): void {
  if (refusals.length === 0) return;
  const shown = refusals.slice(0, SHOWN_MAX);
  const blocks = shown.flatMap((refusal) => [refusal.refused.block, more(refusal) ?? []].flat());
  const rest = refusals.length > SHOWN_MAX ? `, the first ${SHOWN_MAX} are shown` : '';
  blocks.push(`tarwarden: refused ${plural(refusals.length, noun)}${rest}`);
  process.stderr.write(`${blocks.join('\n')}\n`);
}
