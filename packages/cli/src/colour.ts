import { ANSI, PLAIN, type Style } from '@tarwarden/core/text';

/** What decides about colour besides the command line. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTTY: boolean;
}

/**
 * `--color` and `--no-color` come first, then NO_COLOR (any value but an empty one), then FORCE_COLOR (`0` and `false`
 * turn colour off), then whether the output is a terminal that knows colour.
 */
export function wantsColour(flag: boolean | undefined, { env, isTTY }: Surroundings): boolean {
  if (flag !== undefined) return flag;
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTTY && env['TERM'] !== 'dumb';
}

export function styleFor(flag: boolean | undefined, stream: { isTTY?: boolean }): Style {
  return wantsColour(flag, { env: process.env, isTTY: stream.isTTY === true }) ? ANSI : PLAIN;
}
