/** A hostile package under settings of a project's .npmrc that could take the guard away, blind it, or choose other bytes. */
import { afterEach, describe, expect, test } from 'vitest';
import { available, npmsByGuard, type NpmName } from '../../support/managers.ts';
import { harmlessPayload, payload, unpackedBelow } from '../../support/payload.ts';
import {
  closeUntouched,
  guarded,
  makeBench,
  scriptsRun,
  SUBJECT,
  unguarded,
  type Bench,
} from './guarded.ts';

let bench: Bench;
afterEach(() => closeUntouched(bench));

async function project(
  npm: NpmName,
  bytes: typeof payload,
  lines: readonly string[],
): Promise<void> {
  bench = await makeBench(npm);
  bench.registry.publish({
    name: SUBJECT,
    tgz: bytes(SUBJECT, bench.manifest),
    manifest: bench.manifest,
  });
  bench.sandbox.write({
    'package.json': { name: 'project', version: '1.0.0', dependencies: { [SUBJECT]: '1.0.0' } },
    '.npmrc': lines.map((line) => `${line.replace('$REGISTRY', bench.registry.url)}\n`).join(''),
  });
}

const fetched = (): boolean => bench.registry.downloads().some((path) => path.includes(SUBJECT));

describe('a hostile package', () => {
  test('is installed where nothing guards it', async () => {
    await project('npm-10', payload, []);
    expect(await unguarded(bench, ['install', '--audit=false'])).toMatchObject({ code: 0 });
    expect(unpackedBelow(bench.sandbox.root)).toHaveLength(1);
  });

  const lines = [
    'loglevel=silent',
    'node-options=--no-warnings',
    'ignore-scripts=false',
    'script-shell=./program',
    'cache=./cache',
    'offline=true',
    'registry=$REGISTRY/',
    'userconfig=./other\nregistry=$REGISTRY/',
    'global=true',
    'install-strategy=linked',
  ];
  const npms = npmsByGuard.filter((name) => available(name).ok);
  test.each(
    lines.map((line, at) => ({ line, npm: npms[at % npms.length]! })).filter(({ npm }) => npm),
  )('is refused by $npm with $line', async ({ line, npm }) => {
    await project(npm, payload, [line]);
    const result = await guarded(bench, ['install', '--audit=false']);
    if (fetched()) {
      expect(result.code).not.toBe(0);
      expect(result.stderr).toContain(`tarwarden: refused 1 package`);
    }
    expect(unpackedBelow(bench.sandbox.root)).toEqual([]);
    expect(scriptsRun(bench)).not.toContain('subject');
  });
});

describe.skipIf(!available('npm-12').ok)('npm 12', () => {
  const extension = `exports.transformManifest = (one) =>
    one.name === 'tarwarden-neighbour' ? { ...one, optionalDependencies: { '${SUBJECT}': '1.0.0' } } : one;\n`;

  async function withExtension(
    bytes: typeof payload,
  ): Promise<Awaited<ReturnType<typeof guarded>>> {
    await project('npm-12', bytes, []);
    bench.sandbox.write({
      '.npm-extension.cjs': extension,
      'package.json': {
        name: 'project',
        version: '1.0.0',
        dependencies: { 'tarwarden-neighbour': '1.0.0' },
      },
    });
    return guarded(bench, ['install', '--audit=false']);
  }

  test('inspects what an extension of the project adds', async () => {
    const result = await withExtension(payload);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(`refused ${SUBJECT}@1.0.0`);
    expect(unpackedBelow(bench.sandbox.root)).toEqual([]);
  });

  test('installs what an extension of the project adds, where it is clean', async () => {
    expect(await withExtension(harmlessPayload)).toMatchObject({ code: 0 });
    expect(unpackedBelow(bench.sandbox.root)).toHaveLength(1);
  });
});
