/** A token goes to the registry that it is for, and is shown by nobody. */
import { expect, test } from 'vitest';
import { attack } from '../../support/attacks.ts';
import { available } from '../../support/managers.ts';
import {
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
