/** Installs in containers that share a home folder, and with it the folder in which pnpm 12's two workers meet. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { execute } from '../../support/execute.ts';
import { available, envFor, managerFolder } from '../../support/managers.ts';
import { findProgram } from '../../support/programs.ts';
import { closeBench, FRESH, makeBench, type Bench } from './guarded.ts';

/** A process namespace of its own, where every pnpm has the same number. */
const CONTAINER = ['--pid', '--fork', '--mount-proc'];
const unshare = findProgram('unshare') ?? '';
const canContain = spawnSync(unshare, [...CONTAINER, 'true']).status === 0;

const TOKENS = ['one', 'two', 'three', 'four', 'five'];

let benches: Bench[] = [];
beforeAll(async () => {
  benches = await Promise.all(
    TOKENS.map((token) => makeBench('pnpm-12', { auth: { token }, delay: 50 })),
  );
});
afterAll(async () => {
  for (const bench of benches) await closeBench(bench);
});

test.skipIf(!canContain || !available('pnpm-12').ok)(
  'neither take nor remove what is the others',
  async () => {
    const cache = join(benches[0]!.sandbox.root, 'shared');
    const program = join(managerFolder('pnpm-12'), 'pnpm');
    const results = await Promise.all(
      benches.map(async ({ sandbox, registry }, at) => {
        // Each registry has a package that the others lack.
        registry.publish({ name: `only-${at}` });
        sandbox.write({
          'package.json': { name: 'project', dependencies: { [`only-${at}`]: '1.0.0' } },
        });
        sandbox.npmrc(`//${new URL(registry.url).host}/:_authToken=${TOKENS[at]}`);
        const env = envFor('pnpm-12', { sandbox, env: { XDG_CACHE_HOME: cache } });
        return execute(unshare, [...CONTAINER, program, ...FRESH], { cwd: sandbox.project, env });
      }),
    );
    for (const result of results) expect(result).toMatchObject({ code: 0 });
    expect(readdirSync(join(cache, 'tarwarden/run'))).toEqual([]);
  },
);
