/* `tarwarden verdicts export` of a pnpm lockfile. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tgz } from '../../support/pkg.ts';
import { sri, startRegistry } from '../../support/registry.ts';
import { makeSigner, tarwarden } from './support.ts';

const NAMES = ['one', 'two'];

test('of a pnpm lockfile, the tree digest for pnpm is signed, without which its guard uses no verdict', async () => {
  const version = '1.0.0';
  const registry = await startRegistry({ packages: NAMES.map((name) => ({ name, version })) });
  const signing = await makeSigner(registry);
  const entries = NAMES.map((name) => {
    const integrity = sri(tgz({ name, version, manifest: {} }));
    return { name, id: `${name}@${version}`, integrity };
  });
  signing.sandbox.write({
    'package.json': { name: 'project', version },
    'pnpm-lock.yaml': {
      lockfileVersion: '9.0',
      importers: {
        '.': {
          dependencies: Object.fromEntries(
            entries.map(({ name }) => [name, { specifier: version, version }]),
          ),
        },
      },
      packages: Object.fromEntries(
        entries.map(({ id, integrity }) => [id, { resolution: { integrity } }]),
      ),
      snapshots: Object.fromEntries(entries.map(({ id }) => [id, {}])),
    },
  });
  const file = join(signing.sandbox.root, 'set.ndjson');
  const args = ['verdicts', 'export', '--key', signing.keyFile, '--out', file];
  expect(await tarwarden(signing.sandbox, args)).toMatchObject({ code: 0 });
  const signed = readFileSync(file, 'utf8').trim().split('\n');
  expect(signed).toHaveLength(NAMES.length);
  for (const line of signed) {
    const { payload } = JSON.parse(line) as { payload: string };
    expect(JSON.parse(Buffer.from(payload, 'base64').toString())).toMatchObject({
      predicate: { verdict: { trees: { pnpm: expect.stringMatching(/^sha512-/) } } },
    });
  }
  signing.sandbox.dispose();
  await registry.close();
});
