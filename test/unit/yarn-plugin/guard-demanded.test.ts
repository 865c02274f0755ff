/* An archive that must have the SHA-512 of one that has a verdict, under the guard with a real inspector behind it. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { DEFAULT_POLICY, RULESET, type Policy } from '@tarwarden/core';
import { inspect } from '@tarwarden/core/npm';
import * as core from '../../../packages/yarn-plugin/src/core.ts';
import type { Conversion } from '@tarwarden/guard';
import { Guard, type Core } from '../../../packages/yarn-plugin/src/guard.ts';
import { attack } from '../../support/attacks.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { tgz } from '../../support/pkg.ts';
import { yarnZip } from '../../support/yarn-zip.ts';

const zip = yarnZip();
const ZIP = createHash('sha512').update(zip).digest('hex');
const TARBALL = 'a'.repeat(128);
const expected = { name: 'fixture', version: '1.0.0' };
const subject = { label: 'fixture@1.0.0', expected, hasTarball: true };

let root: string;
let file: string;
const inspectFile = vi.fn();
const inspectTarball = vi.fn();
const convertTarball = vi.fn();
freshFolder((fresh) => {
  root = fresh;
  vi.stubEnv('XDG_CACHE_HOME', root);
  file = join(root, 'fixture.zip');
  inspectTarball.mockReset();
  inspectTarball.mockImplementation(async (bytes: Uint8Array, options: object) =>
    inspect(bytes, options),
  );
  convertTarball.mockReset();
  convertTarball.mockImplementation(
    async (bytes: Uint8Array, options: object, { demanded, inspection }: Conversion) => ({
      verdict: inspect(bytes, options),
      archive: { sha512: demanded, verdict: inspection && inspect(zip, inspection as never) },
    }),
  );
  inspectFile.mockReset();
  inspectFile.mockImplementation(async (_: string, options: object) => inspect(zip, options));
});
afterEach(() => vi.restoreAllMocks());

function open(strict: boolean = false, policy: Policy = DEFAULT_POLICY): Guard {
  const thread = {
    inspectFile,
    inspect: inspectTarball,
    convert: convertTarball,
  };
  const fake = { ...core, inspectionThread: () => thread } as unknown as Core;
  const refuse = ({ block }: { block: string }): Error => new Error(block);
  const loaded = { policy, files: [] } as never;
  return new Guard(fake, loaded, { strict, refuse });
}

/** One whose archive was inspected before. */
async function knowing(): Promise<Guard> {
  const guard = open();
  writeFileSync(file, zip);
  (await guard.freshArchive(file, subject, { from: TARBALL, hashed: false }))?.(ZIP);
  expect(guard.knows(ZIP, subject)).toBe(true);
  inspectFile.mockClear();
  return guard;
}

test('is not inspected again, and is remembered with its tarball', async () => {
  const guard = await knowing();
  const remember = await guard.freshArchive(file, subject, {
    from: 'b'.repeat(128),
    hashed: false,
    demanded: ZIP,
  });
  expect(inspectFile).not.toHaveBeenCalled();
  remember?.(ZIP);
  expect(guard.tarballOf(ZIP)).toBe(TARBALL);
});

test.each<[string, { demanded: string; hashed: boolean }, object]>([
  ['has no verdict', { demanded: 'c'.repeat(128), hashed: false }, {}],
  ['is hashed by nobody but the guard', { demanded: ZIP, hashed: true }, {}],
  [
    'has the verdict of another version',
    { demanded: ZIP, hashed: false },
    { expected: { ...expected, version: '2.0.0' } },
  ],
  ['has the verdict of one with a name', { demanded: ZIP, hashed: false }, { expected: undefined }],
])('is inspected where it %s', async (_, how, more) => {
  const guard = await knowing();
  inspectFile.mockImplementation(
    async (__: string, { expected: ___, ...options }: { expected?: object }) =>
      inspect(zip, options),
  );
  await guard.freshArchive(file, { ...subject, ...more } as never, { from: TARBALL, ...how });
  expect(inspectFile).toHaveBeenCalled();
});

test('leaves nothing behind where Yarn computes another SHA-512', async () => {
  const guard = await knowing();
  const other = 'd'.repeat(128);
  const how = { from: TARBALL, hashed: false, demanded: ZIP };
  (await guard.freshArchive(file, subject, how))?.(other);
  expect(guard.knows(other, subject)).toBe(false);
  expect(guard.tarballOf(other)).toBeUndefined();
});

test('leaves nothing to be inspected of its package before that is fetched', async () => {
  const guard = await knowing();
  const unnamed = { label: 'fixture@https://x/', hasTarball: true };
  expect(guard.knowsBefore(ZIP, subject)).toBe(true);
  expect(guard.knowsBefore('c'.repeat(128), subject)).toBe(false);
  const other = { ...subject, expected: { ...expected, version: '2.0.0' } };
  expect(guard.knowsBefore(ZIP, other)).toBe(false);
  // What no registry promised has no name that a verdict could be held to.
  expect(guard.knowsBefore(ZIP, unnamed)).toBe(false);
});

test('needs its tarball in strict mode, until that was inspected', async () => {
  const verdict = inspect(zip, { expected, format: 'yarn-zip' });
  const store = core.openVerdictStore({
    ruleset: RULESET,
    policy: DEFAULT_POLICY,
    env: process.env,
  });
  const integrity = verdict.archive.integrity;
  store.put({ integrity, format: 'yarn-zip', expected }, verdict);
  store.flush();
  expect(open().knowsBefore(ZIP, subject)).toBe(true);
  expect(open(true).knowsBefore(ZIP, subject)).toBe(false);
});

test('has the tarball that it was made of inspected once, and any other', async () => {
  const guard = await knowing();
  const bytes = tgz();
  const hash = createHash('sha512').update(bytes).digest('hex');
  const remember = await guard.freshArchive(file, subject, { from: hash, hashed: false });
  // The first that was seen is kept.
  remember?.(ZIP);
  expect(guard.tarballOf(ZIP)).toBe(TARBALL);
  await guard.tarball(bytes, subject, { known: ZIP });
  expect(inspectTarball).toHaveBeenCalledTimes(1);
  vi.stubEnv('XDG_CACHE_HOME', join(root, 'another'));
  const other = open();
  (await other.freshArchive(file, subject, { from: hash, hashed: false }))?.(ZIP);
  expect(await other.tarball(bytes, subject, { known: ZIP })).toEqual({ sha512: hash });
  expect(inspectTarball).toHaveBeenCalledTimes(1);
  await other.tarball(bytes, subject, { known: 'f'.repeat(128) });
  const worse = attack('symlink').build({ name: 'fixture' });
  await expect(other.tarball(worse, subject, { known: ZIP })).rejects.toThrow(/symlink/);
  expect(inspectTarball).toHaveBeenCalledTimes(3);
});

test('has its tarball inspected each time where report mode let it pass', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const reporting = open(false, { ...DEFAULT_POLICY, mode: 'report' });
  const worse = attack('symlink').build({ name: 'fixture' });
  const { sha512 } = await reporting.tarball(worse, subject);
  (await reporting.freshArchive(file, subject, { from: sha512, hashed: false }))?.(ZIP);
  expect(reporting.tarballOf(ZIP)).toBe(sha512);
  for (const guard of [reporting, open()])
    // oxlint-disable-next-line no-await-in-loop
    expect(guard.knowsBefore(ZIP, subject)).toBe(false);
});

describe('that the guard made', () => {
  const bytes = tgz();
  const hash = createHash('sha512').update(bytes).digest('hex');
  const place = { prefixPath: 'node_modules/fixture', stripComponents: 1 };
  const conversion = () => ({ file, demanded: ZIP, ...place });
  const how = { from: hash, hashed: false, demanded: ZIP };
  const inspection = (): unknown => convertTarball.mock.calls[0]?.[2].inspection;

  test('is inspected with it, and remembered when Yarn has computed its SHA-512', async () => {
    const guard = open();
    const passed = await guard.tarball(bytes, subject, { conversion: conversion() });
    expect(passed).toEqual({
      sha512: hash,
      tar: undefined,
      archive: { sha512: ZIP, verdict: inspect(zip, { format: 'yarn-zip', expected }) },
    });
    expect(inspection()).toMatchObject({ format: 'yarn-zip', expected });
    expect(guard.knows(ZIP, subject)).toBe(false);
    (await guard.freshArchive(file, subject, { ...how, made: passed.archive }))?.(ZIP);
    expect(guard.knows(ZIP, subject)).toBe(true);
    expect(guard.tarballOf(ZIP)).toBe(hash);
    expect([inspectTarball, inspectFile].flatMap(({ mock }) => mock.calls)).toEqual([]);
  });

  test('leaves nothing behind where Yarn computes another SHA-512', async () => {
    const guard = open();
    const { archive } = await guard.tarball(bytes, subject, { conversion: conversion() });
    const other = 'd'.repeat(128);
    (await guard.freshArchive(file, subject, { ...how, made: archive }))?.(other);
    expect([other, ZIP].map((one) => guard.knows(one, subject))).toEqual([false, false]);
    expect([other, ZIP].map((one) => guard.tarballOf(one))).toEqual([undefined, undefined]);
  });

  test.each([
    ['another is demanded', { ...how, demanded: 'd'.repeat(128) }],
    ['nothing is demanded', { ...how, demanded: undefined }],
    ['Yarn computes no SHA-512', { ...how, hashed: true }],
  ])('is inspected as any other where %s', async (_, more) => {
    const guard = open();
    const { archive } = await guard.tarball(bytes, subject, { conversion: conversion() });
    await guard.freshArchive(file, subject, { ...more, made: archive });
    expect(inspectFile).toHaveBeenCalledTimes(1);
  });

  test('is not inspected where it has a verdict', async () => {
    const guard = await knowing();
    const options = { known: ZIP, conversion: conversion() };
    const { archive } = await guard.tarball(bytes, subject, options);
    expect(inspection()).toBeUndefined();
    expect(archive).toEqual({ sha512: ZIP, verdict: undefined });
    (await guard.freshArchive(file, subject, { ...how, made: archive }))?.(ZIP);
    expect(guard.tarballOf(ZIP)).toBe(TARBALL);
    convertTarball.mockClear();
    await guard.tarball(bytes, subject, { known: 'e'.repeat(128), conversion: conversion() });
    expect(inspection()).toBeDefined();
  });

  test('comes of no tarball that is rejected', async () => {
    const worse = attack('symlink').build({ name: 'fixture' });
    const options = { conversion: conversion() };
    await expect(open().tarball(worse, subject, options)).rejects.toThrow(/symlink/);
  });

  test('is left to Yarn where the thread ends, and its tarball is inspected alone', async () => {
    convertTarball.mockRejectedValue(new Error('the thread that inspects ended'));
    const passed = await open().tarball(bytes, subject, { conversion: conversion() });
    expect(passed).toEqual({ sha512: hash, tar: undefined, archive: undefined });
    expect(inspectTarball).toHaveBeenCalledTimes(1);
  });
});
