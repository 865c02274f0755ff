/** The values of settings that a hostile package is tried with, spread over the clients of a manager. */
import { readKnown, rowsOf } from './record.ts';
import type { Manager } from './row.ts';

/** Each setting with each client that knows it. Without it, each that moves things or could touch the guard, with one. */
const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';
const ALWAYS: readonly string[] = ['guard', 'integrity', 'placement'];

export interface Try {
  readonly name: string;
  readonly value: string;
  readonly major: string;
}

export function triesOf(manager: Manager): Try[] {
  const known = readKnown().settings[manager];
  return rowsOf[manager]
    .filter((row) => FULL || ALWAYS.includes(row.class))
    .flatMap((row) => Object.entries(row.tries ?? {}))
    .flatMap(([name, value], at) => {
      const majors = (known[name] ?? '').split(' ');
      const chosen = FULL ? majors : [majors[at % majors.length] ?? ''];
      return chosen.map((major) => ({ name, value, major }));
    });
}
