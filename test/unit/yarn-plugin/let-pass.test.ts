/** An archive of Yarn's shows nothing of what was wrong with its tarball: what let that pass holds for no other policy. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { inspect, type Exception } from '@tarwarden/core';
import type { Guard } from '../../../packages/yarn-plugin/src/guard.ts';
import { Guards } from '../../../packages/yarn-plugin/src/guards.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';
import { yarnZip } from '../../support/yarn-zip.ts';

vi.mock('../../../packages/yarn-plugin/node_modules/@yarnpkg/core', async () =>
  (await import('../../support/yarn-core.ts')).yarnCore(),
);
vi.mock('../../../packages/yarn-plugin/src/core.ts', async (original) => ({
  ...(await original<object>()),
  inspectionThread: () => ({
    inspect: async (...args: Parameters<typeof inspect>) => inspect(...args),
  }),
}));
vi.mock('../../../packages/yarn-plugin/src/settings.ts', () => ({
  readYarnSettings: async () => ({ policies: [], strict: false }),
}));

const bytes = tgz({
  name: 'fixture',
  entries: ['one', 'other'].map((body) => entry({ name: 'package/twice.js', body })),
});
const zip = yarnZip();
const ZIP = createHash('sha512').update(zip).digest('hex');
const subject = {
  label: 'fixture@1.0.0',
  expected: { name: 'fixture', version: '1.0.0' },
  hasTarball: true,
};
const exception: Exception = {
  package: 'fixture@1.0.0',
  rule: 'duplicate-path',
  sha512: inspect(bytes).archive.sha512,
  reason: 'looked at',
  expires: '2999-01-01',
};
const WANTED = /^only report mode or an exception let its tarball pass, under another policy/;

let root: string;
freshFolder((made) => {
  root = made;
  mkdirSync(join(root, 'tarwarden'));
  for (const name of ['HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME']) vi.stubEnv(name, root);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(process, 'once').mockReturnValue(process);
});

/** The guard of a later process, under the user's own policy. */
async function guardUnder(policy: object): Promise<Guard> {
  writeFileSync(join(root, 'tarwarden', 'policy.json'), JSON.stringify(policy));
  const project = join(root, 'project');
  mkdirSync(project, { recursive: true });
  return new Guards().for({ projectCwd: project, startingCwd: project } as never);
}

/** Whether an archive that is in the cache is used as it is; else why its tarball is wanted. */
async function useKept(guard: Guard): Promise<string | boolean> {
  await guard.archive(zip, subject, { file: '/cache/a.zip', sha512: ZIP });
  return guard.wantsTarball(ZIP, subject) ?? guard.knows(ZIP, subject);
}

async function install(guard: Guard, tarball: Uint8Array): Promise<void> {
  const { sha512: from } = await guard.tarball(tarball, subject);
  await guard.archive(zip, subject, { file: '/cache/a.zip', sha512: ZIP, from });
}

test.each([
  ['an exception', { exceptions: [exception] }],
  ['report mode', { mode: 'report' }],
])('%s', async (_, lenient) => {
  const guard = await guardUnder(lenient);
  await install(guard, bytes);
  expect(await useKept(guard)).toBe(true);
  // Under every other policy, also one that had accepted the archive before, the tarball is inspected.
  for (const policy of [
    {},
    { mode: 'refuse' },
    { exceptions: [{ ...exception, expires: '2020-01-01' }] },
  ]) {
    // oxlint-disable-next-line no-await-in-loop
    const later = await guardUnder(policy);
    // oxlint-disable-next-line no-await-in-loop
    expect(await useKept(later)).toMatch(WANTED);
    expect(later.knows(ZIP, subject)).toBe(false);
    expect(later.wantsTarball(ZIP, { ...subject, hasTarball: false })).toBeUndefined();
    // oxlint-disable-next-line no-await-in-loop
    await expect(later.tarball(bytes, subject)).rejects.toThrow('fixture@1.0.0');
  }
  // Where it is accepted again, that is known from then on.
  const again = await guardUnder({ exceptions: [{ ...exception, reason: 'again' }] });
  expect(await useKept(again)).toMatch(WANTED);
  await install(again, bytes);
  expect(await useKept(again)).toBe(true);
});

test('says nothing of an archive whose tarball passed by itself', async () => {
  await install(await guardUnder({}), tgz());
  expect(await useKept(await guardUnder({ limits: { depth: 50 } }))).toBe(true);
});
