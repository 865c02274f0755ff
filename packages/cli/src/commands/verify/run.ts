import type { Call } from '@tarwarden/guard/command-line';
import { isTried, MANAGERS } from '../../guard-trials/managers.ts';
import { verifyThese } from '../../guard-trials/report.ts';
import type { definition } from './definition.ts';

/** `tarwarden verify`: shows whether the package managers, as typed here, run with the guard in them. */
export async function verify({ values }: Call<typeof definition.options>): Promise<number> {
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
