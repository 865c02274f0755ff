import { ANSI, PLAIN, type Style } from '@tarwarden/core/text';

/**
 * `--color` and `--no-color` come first, then NO_COLOR (any value but an empty one), then FORCE_COLOR (`0` and `false`
 * turn colour off), then whether the output is a terminal that knows colour.
 */
export function wantsColour(
  flag: boolean | undefined,
  stream: { isTTY?: boolean },
  env: NodeJS.ProcessEnv = process.env,
): boolean {
  if (flag !== undefined) return flag;
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

export function styleFor(flag: boolean | undefined, stream: { isTTY?: boolean }): Style {
  return wantsColour(flag, stream) ? ANSI : PLAIN;
}
