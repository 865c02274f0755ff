/** What the plugin inspects, remembers, and refuses. The core's thread is this one here. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Verdict } from '@tarwarden/core';
import { inspect, inspectKeeping } from '@tarwarden/core/npm';
import { PREFACE } from '../../../packages/core/src/containers/tar/preface.ts';
import type { Guard } from '../../../packages/yarn-plugin/src/guard.ts';
import { Guards } from '../../../packages/yarn-plugin/src/guards.ts';
import { attack } from '../../support/attacks.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { pkg, tgz } from '../../support/pkg.ts';
import { yarnZip } from '../../support/yarn-zip.ts';

const fakes = vi.hoisted(() => ({
  thread: { inspect: vi.fn(), inspectFile: vi.fn(), inspectKeeping: vi.fn() },
  settings: { policies: [] as object[], strict: false },
  store: {} as ReturnType<typeof storeOf>,
}));
vi.mock('../../../packages/yarn-plugin/node_modules/@yarnpkg/core', async () =>
  (await import('../../support/yarn-core.ts')).yarnCore(),
);
vi.mock('../../../packages/yarn-plugin/src/core.ts', async (original) => ({
  ...(await original<object>()),
  inspectionThread: () => fakes.thread,
}));
vi.mock('../../../packages/guard/src/known/verdict-store.ts', () => ({
  openVerdictStore: () => fakes.store,
}));
vi.mock('../../../packages/yarn-plugin/src/settings.ts', () => ({
  readYarnSettings: async () => fakes.settings,
}));
function storeOf() {
  const verdicts = new Map<string, Verdict>();
  const links = new Map<string, string>();
  return {
    verdicts,
    links,
    get: (key: object) => verdicts.get(JSON.stringify(key)),
    put: (key: object, verdict: Verdict) => void verdicts.set(JSON.stringify(key), verdict),
    getLink: (name: string) => links.get(name),
    putLink: vi.fn((name: string, to: string) => void links.set(name, to)),
    getNote: () => undefined,
    putNote: vi.fn(),
    flush: vi.fn(() => undefined),
  };
}

const sha512 = (bytes: Uint8Array): string => createHash('sha512').update(bytes).digest('hex');
const sri = (hex: string): string => `sha512-${Buffer.from(hex, 'hex').toString('base64')}`;
const zip = yarnZip();
const ZIP = sha512(zip);
const expected = { name: 'fixture', version: '1.0.0' };
const subject = { label: 'fixture@1.0.0', expected, hasTarball: true };
const key = JSON.stringify({ integrity: sri(ZIP), format: 'yarn-zip', expected });
const LINK = `yarn-zip:tarball-of:${ZIP}`;
const TARBALL = 'a'.repeat(128);

let guards: Guards;
let root: string;
let guard: Guard;
const of = (projectCwd: string | null = root) => ({ projectCwd, startingCwd: root }) as never;
freshFolder(async (fresh) => {
  guards = new Guards();
  root = fresh;
  vi.stubEnv('HOME', root);
  vi.stubEnv('XDG_CONFIG_HOME', root);
  vi.spyOn(process, 'once').mockReturnValue(process);
  fakes.settings = { policies: [], strict: false };
  fakes.store = storeOf();
  const { thread } = fakes;
  thread.inspect.mockReset().mockImplementation(async (bytes, options) => inspect(bytes, options));
  thread.inspectKeeping
    .mockReset()
    .mockImplementation(async (bytes, options) =>
      inspectKeeping(bytes, { ...options, room: (size) => new Uint8Array(size) }),
    );
  thread.inspectFile
    .mockReset()
    .mockImplementation(async (file, options) => inspect(readFileSync(file), options));
  guard = await guards.for(of());
});

/** All lines of a refusal, as Yarn prints them. */
async function refusal(act: Promise<unknown>): Promise<string> {
  try {
    await act;
  } catch (error) {
    const lines = [(error as Error).message];
    const { reportExtra } = error as { reportExtra?: (report: object) => void };
    reportExtra?.({ reportError: (code: number, line: string) => lines.push(`${code} ${line}`) });
    return lines.join('\n');
  }
  return 'accepted';
}

const hostile = attack('symlink').build({ name: 'bad' });
const bad = { label: 'bad@1.0.0', source: 'https://u:secret@x/bad.tgz', hasTarball: true };

describe('a tarball', () => {
  test('that is accepted is known by its hash, and by its tar where that is asked for', async () => {
    const bytes = tgz();
    expect(await guard.tarball(bytes, subject)).toEqual({ sha512: sha512(bytes), tar: undefined });
    const kept = await guard.tarball(bytes, subject, { keep: true });
    expect(kept.sha512).toBe(sha512(bytes));
    expect(Buffer.from(kept.tar ?? [])).toEqual(Buffer.concat([PREFACE, pkg()]));
    expect(fakes.thread.inspect.mock.calls[0]?.[1]).toEqual({ policy: guard.policy, expected });
    expect(guard.unpackedBytes(bytes)).toBe(pkg().length);
  });

  test('that a registry served without compression is refused by naming the header', async () => {
    const text = await refusal(guard.tarball(pkg(), subject));
    expect(text).toMatch(
      /^tarwarden: not inspected, so not installed: fixture@1\.0\.0\n.*content-encoding: gzip.*\n.*to do: {3}Have that server/,
    );
    const other = await refusal(guard.tarball(pkg(), { ...subject, expected: undefined } as never));
    expect(other).toContain('uncompressed-archive');
    const worse = pkg({ name: 'other' });
    expect(await refusal(guard.tarball(worse, subject))).toContain('manifest-mismatch');
  });

  test('that is rejected is refused, with what is wrong and where it is from', async () => {
    const text = await refusal(guard.tarball(hostile, bad));
    expect(text).toMatch(/^\S.*bad@1\.0\.0/);
    expect(text).toContain('symlink');
    expect(text).toContain('@x/bad.tgz');
    expect(text).not.toContain('secret');
    expect(await refusal(guard.tarball(hostile, bad, { keep: true }))).toBe(text);
  });

  test('of another name than was promised is refused', async () => {
    expect(await refusal(guard.tarball(tgz({ name: 'other' }), subject))).toContain(
      'manifest-mismatch',
    );
  });

  test('that gets no verdict is not inspected, so not installed', async () => {
    fakes.thread.inspect.mockRejectedValue(new Error('the thread ended at https://u:secret@x/'));
    const text = await refusal(guard.tarball(tgz(), bad));
    expect(text.split('\n').slice(0, 3)).toEqual([
      'tarwarden: not inspected, so not installed: bad@1.0.0',
      '30   source:  https://***@x/bad.tgz',
      '30   reason:  the inspection failed (the thread ended at https://***@x/)',
    ]);
    fakes.thread.inspect.mockImplementation(() => Promise.reject('no error'));
    expect(await refusal(guard.tarball(tgz(), bad))).toContain('the inspection failed');
  });
});

describe('an archive of the cache', () => {
  const inspectArchive = (bytes: Buffer = zip, from?: string) =>
    guard.archive(bytes, subject, {
      file: '/cache/a.zip',
      sha512: sha512(bytes),
      ...(from !== undefined && { from }),
    });

  test('is inspected and remembered, with the tarball that it was made of', async () => {
    expect(await refusal(inspectArchive(zip, TARBALL))).toBe('accepted');
    expect(fakes.thread.inspect.mock.calls).toEqual([
      [
        zip,
        { policy: guard.policy, expected, format: 'yarn-zip', convertedFrom: TARBALL, sha512: ZIP },
      ],
    ]);
    expect([...fakes.store.verdicts.keys()]).toEqual([key]);
    expect(fakes.store.links).toEqual(new Map([[LINK, TARBALL]]));
    expect(guard.tarballOf(ZIP)).toBe(TARBALL);
    expect(guard.knows(ZIP, subject)).toBe(true);
  });

  test('is not inspected where an accepting verdict is remembered', async () => {
    await inspectArchive();
    fakes.thread.inspect.mockClear();
    expect(guard.tarballOf(ZIP)).toBeUndefined();
    await inspectArchive(zip, TARBALL);
    expect(fakes.thread.inspect).not.toHaveBeenCalled();
    expect(guard.tarballOf(ZIP)).toBe(TARBALL);
    await inspectArchive(zip, 'b'.repeat(128));
    expect(guard.tarballOf(ZIP)).toBe(TARBALL);
  });

  test('is inspected again where a rejecting one is, and by the tarball that is known', async () => {
    fakes.store.links.set(LINK, TARBALL);
    fakes.store.verdicts.set(key, { ...inspect(zip, { format: 'yarn-zip' }), status: 'reject' });
    expect(guard.knows(ZIP, subject)).toBe(false);
    await inspectArchive();
    expect(fakes.thread.inspect.mock.calls[0]?.[1]).toMatchObject({ convertedFrom: TARBALL });
    expect(guard.knows(ZIP, subject)).toBe(true);
  });

  test('that is rejected is refused, named by its file, and not known', async () => {
    const none = Buffer.from('no zip');
    expect(await refusal(inspectArchive(none, TARBALL))).toContain('/cache/a.zip');
    expect(guard.knows(sha512(none), subject)).toBe(false);
    expect(fakes.store.links.size).toBe(0);
  });

  test('is another one under another name', async () => {
    await inspectArchive();
    expect(guard.knows(ZIP, { ...subject, expected: { ...expected, version: '2.0.0' } })).toBe(
      false,
    );
    expect(guard.knows(ZIP, { label: 'x', hasTarball: true })).toBe(false);
  });

  test('is not remembered where an exception let it pass', async () => {
    const finding = { rule: 'symlink', level: 'error', message: 'm', excepted: 'known' };
    const accepted = inspect(zip, { format: 'yarn-zip' });
    fakes.thread.inspect.mockResolvedValue({ ...accepted, findings: [finding] });
    await inspectArchive(zip, TARBALL);
    expect(fakes.store.verdicts.size).toBe(0);
    expect(guard.tarballOf(ZIP)).toBe(TARBALL);
  });

  test('holds the same as another one, or not', () => {
    expect(guard.sameContent(zip, yarnZip())).toBe(true);
    const other = yarnZip({ files: { 'index.js': 'other' } });
    expect(guard.sameContent(zip, other)).toBe(false);
    const none = Buffer.from('no zip');
    expect(guard.sameContent(none, none)).toBe(false);
  });

  test('is not known to a strict guard before its tarball is', async () => {
    fakes.settings.strict = true;
    guard = await guards.for(of());
    expect(guard.strict).toBe(true);
    await inspectArchive();
    expect(guard.knows(ZIP, subject)).toBe(false);
    expect(guard.knows(ZIP, { ...subject, hasTarball: false })).toBe(true);
    await inspectArchive(zip, TARBALL);
    expect(guard.knows(ZIP, subject)).toBe(true);
  });
});

describe('an archive that Yarn has just made', () => {
  let file: string;
  beforeEach(() => {
    file = join(root, 'a.zip');
    writeFileSync(file, zip);
  });

  test.each([true, false])('is inspected and remembered, hashed by Yarn: %s', async (hashed) => {
    expect(await guard.freshArchive(file, subject, { from: TARBALL, hashed })).toBeUndefined();
    expect(fakes.thread.inspectFile.mock.calls).toEqual([
      [file, { policy: guard.policy, expected, format: 'yarn-zip', convertedFrom: TARBALL }],
    ]);
    expect(guard.knows(ZIP, subject)).toBe(true);
    expect(guard.tarballOf(ZIP)).toBe(TARBALL);
  });

  test('that is rejected is refused', async () => {
    writeFileSync(file, 'no zip');
    const act = guard.freshArchive(file, subject, { from: TARBALL, hashed: false });
    expect(await refusal(act)).toContain(file);
    expect(fakes.store.verdicts.size).toBe(0);
    fakes.thread.inspectFile.mockRejectedValue(new Error('ENOENT'));
    expect(
      await refusal(guard.freshArchive(file, subject, { from: TARBALL, hashed: true })),
    ).toMatch(/not inspected.*\n.*\n.*ENOENT/);
  });
});
