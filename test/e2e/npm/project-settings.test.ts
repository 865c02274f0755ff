/** A hostile package under each setting of a project's .npmrc that could matter, and files that act as settings. */
import { afterEach, describe, expect, test } from 'vitest';
import { available, type NpmName } from '../../support/managers.ts';
import { harmlessPayload, payload, unpackedBelow } from '../../support/payload.ts';
import { triesOf } from '../../support/settings/tries.ts';
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

  const tries = triesOf('npm').filter(({ major }) => available(`npm-${major}` as NpmName).ok);
  test.each(tries)('is refused by npm $major with $name=$value', async (one) => {
    await project(`npm-${one.major}` as NpmName, payload, [`${one.name}=${one.value}`]);
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
