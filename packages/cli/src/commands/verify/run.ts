import type { Call } from '@tarwarden/host/command-line';
import { isTried, MANAGERS } from '../../guard-trials/managers.ts';
import { verifyThese } from '../../guard-trials/report.ts';
import type { VERIFY_OPTIONS } from './definition.ts';

/** `tarwarden verify`: shows whether the package managers, as typed here, run with the guard in them. */
export async function verify({ values }: Call<typeof VERIFY_OPTIONS>): Promise<number> {
  const managers = MANAGERS.filter(
    (name) => values.manager?.includes(name) ?? isTried(name, process.env),
  );
  return verifyThese({
    managers,
    cwd: process.cwd(),
    color: values.color,
    json: values.reporter === 'json',
  });
}
