// @module-tag ruby
/** An index of Python packages, and a Gemfile.lock, that say something else of an archive than the archive itself. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeGem } from '../../../support/gem/gems.ts';
import { startGemServer } from '../../../support/gem/index.ts';
import { startIndex } from '../../../support/pip/index.ts';
import { wheelOf } from '../../../support/pip/packages.ts';
import { makeSandbox } from '../../../support/sandbox.ts';
import { audited } from '../audited.ts';

const honest = wheelOf({ name: 'honest', requires: ['helper'] });
const hiding = { ...wheelOf({ name: 'hiding', requires: ['helper'] }), metadata: honest.metadata! };
const older = wheelOf({ name: 'older', more: ['Requires-Python: >=3.12'] });
const wheels = [honest, hiding, { ...older, requiresPython: '>=3.6' }];

const kept = makeGem({ name: 'kept', dependencies: { rack: '>= 1' } });
const hidden = makeGem({ name: 'hidden', dependencies: { rack: '>= 1' } });

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

it('are compared in an audit, the lockfile offline as well', async () => {
  const sandbox = makeSandbox({ project: {} });
  onTestFinished(() => sandbox.dispose());
  const index = await startIndex({ dists: wheels, metadata: true });
  onTestFinished(() => index.close());
  const server = await startGemServer({ gems: [kept, hidden] });
  onTestFinished(() => server.close());
  const config = join(sandbox.root, 'xdg/config');
  sandbox.write({ 'pip/pip.conf': `[global]\nindex-url = ${index.url}\n` }, config);
  const pinned = wheels.map(
    ({ project, bytes }) => `${project}==1.0 --hash=sha256:${sha256(bytes)}\n`,
  );
  const specs = '    hidden (1.0.0)\n    kept (1.0.0)\n      rack (>= 1.0.0)\n';
  sandbox.write({
    'requirements.txt': pinned.join(''),
    Gemfile: `source "${server.url}"\n`,
    'Gemfile.lock': `GEM\n  remote: ${server.url}\n  specs:\n${specs}\nPLATFORMS\n  x86_64-linux\n  ruby\n`,
  });

  const online = await audited(sandbox);
  expect(online.code).toBe(1);
  expect(online.with('reject').toSorted()).toEqual(['hidden@1.0.0', 'hiding@1.0']);
  expect(JSON.stringify(online.packages)).toContain('Gemfile.lock (line 4) does not show it');
  // The page has the SHA-256 of the metadata file, so only that of the liar is fetched.
  expect(index.log.filter((line) => line.endsWith('.metadata'))).toEqual([
    `GET /files/${hiding.fileName}.metadata`,
  ]);
  const rules = online.packages
    .flatMap(({ findings }) => findings.map(({ rule }) => rule))
    .filter((rule) => rule.startsWith('index-'));
  expect(new Set(rules)).toEqual(
    new Set(['index-other-metadata', 'index-other-language', 'index-other-dependencies']),
  );

  const vendored = join(sandbox.project, 'vendor/cache');
  mkdirSync(vendored, { recursive: true });
  writeFileSync(join(vendored, hidden.fileName), hidden.bytes);
  const offline = await audited(sandbox, '--offline');
  expect(offline.with('reject')).toContain('hidden@1.0.0');
});
