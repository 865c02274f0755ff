/** A token goes to the registry that it is for, and is shown by nobody. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { attack } from '../../support/attacks.ts';
import { makeCertificates } from '../../support/certificates.ts';
import { available } from '../../support/managers.ts';
import { sri } from '../../support/registry.ts';
import {
  cleanTarball,
  closeBench,
  guarded,
  hasLanded,
  makeBench,
  MANIFEST,
  packageJson,
  publish,
  SUBJECT,
} from './guarded.ts';

const hostile = attack('symlink').build({ name: SUBJECT, manifest: MANIFEST });

test.skipIf(!available('bun').ok)('bun with a registry that wants a token', async () => {
  const bench = await makeBench({ auth: { token: 's3cret' } });
  const place = `//127.0.0.1:${bench.registry.port}/:_authToken`;
  publish(bench, hostile);
  bench.registry.publish({ name: 'tarwarden-private' });
  bench.sandbox.npmrc(`${place}=\${TOKEN}`);
  const env = { TOKEN: 's3cret' };
  bench.sandbox.write(packageJson({ dependencies: { 'tarwarden-private': '1.0.0' } }));
  expect(await guarded(bench, ['install'], { env })).toMatchObject({ code: 0 });
  bench.sandbox.write(packageJson({ dependencies: { [SUBJECT]: '1.0.0' } }));
  const result = await guarded(bench, ['install'], { env });
  expect(result.code).toBe(1);
  expect(result.stdout + result.stderr).not.toContain('s3cret');
  expect(hasLanded(bench)).toBe(false);
  await closeBench(bench);
});

test.skipIf(!available('bun').ok)(
  'bun sends the token of a path to no archive elsewhere on the host',
  async () => {
    const bench = await makeBench();
    const url = bench.registry.file('by-url.tgz', cleanTarball());
    const { host } = new URL(url);
    bench.sandbox.npmrc(
      `registry=${bench.registry.url}/private/`,
      `//${host}/private/:_authToken=s3cret`,
    );
    bench.sandbox.write(packageJson({ dependencies: { [SUBJECT]: url } }));
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    const sent = bench.registry.log.map(({ headers }) => headers.authorization);
    expect(new Set(sent)).toEqual(new Set([undefined]));
    await closeBench(bench);
  },
);

test.skipIf(!available('bun').ok).each([
  ['where it has to', true],
  ['and installs where it need not', false],
])('bun shows no client certificate %s', { tags: ['openssl'] }, async (_, hasTo) => {
  const folder = mkdtempSync(join(tmpdir(), 'tarwarden-certificates-'));
  const { key, cert, ca, clientCert, clientKey, files } = makeCertificates(folder);
  const bench = await makeBench({ tls: { key, cert, ...(hasTo && { ca }) } });
  const bytes = cleanTarball();
  publish(bench, bytes);
  const pem = (text: string): string => JSON.stringify(text.trim());
  bench.sandbox.npmrc(`cafile=${files.ca}`, `cert=${pem(clientCert)}`, `key=${pem(clientKey)}`);
  const entry = [`${SUBJECT}@1.0.0`, '', {}, sri(bytes)];
  bench.sandbox.write({
    ...packageJson({ dependencies: { [SUBJECT]: '1.0.0' } }),
    'bun.lock': {
      lockfileVersion: 1,
      workspaces: { '': { name: 'project', dependencies: { [SUBJECT]: '1.0.0' } } },
      packages: { [SUBJECT]: entry },
    },
  });
  const { code } = await guarded(bench, ['install', '--frozen-lockfile']);
  expect(code).toBe(hasTo ? 1 : 0);
  expect(bench.registry.log.length).toBe(hasTo ? 0 : 1);
  await closeBench(bench);
  rmSync(folder, { recursive: true });
});
