/** A client that packs and uploads in one step packs first, and uploads the file that was inspected. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  publishPacked,
  type PublishStep,
  type UploadPlan,
} from '../../../packages/guarded-run/src/kit/publish-packed.ts';
import { attack } from '../../support/attacks.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { tgz } from '../../support/pkg.ts';

let folder: string;
let env: NodeJS.ProcessEnv;
let packed: Buffer[];
let log: unknown[];
let codes: Record<string, number>;
let said: string;
freshFolder((made) => {
  folder = made;
  env = { HOME: join(made, 'home'), XDG_CACHE_HOME: join(made, 'cache') };
  mkdirSync(join(made, 'home'));
});
beforeEach(() => {
  packed = [tgz({ name: 'p' })];
  log = [];
  codes = {};
  said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});

/** A client of three commands. */
const start = async (args: readonly string[], step: PublishStep): Promise<number> => {
  const [command = '', word = ''] = args;
  const inFolder = word.includes('tarwarden-publish-');
  log.push([command, inFolder ? '' : word, step.toStderr]);
  if (command === 'pack')
    for (const [at, bytes] of packed.entries()) writeFileSync(join(word, `${at}.tgz`), bytes);
  if (command === 'upload') log.push(readFileSync(word));
  return codes[word] ?? codes[command] ?? 0;
};

const publication = (more: Partial<UploadPlan> = {}): UploadPlan => ({
  folder,
  runsScripts: true,
  scripts: { before: ['prepublishOnly'], after: ['publish', 'postpublish'] },
  run: (script) => ['run', script],
  pack: (to) => ['pack', to],
  upload: (file) => ['upload', file],
  ...more,
});

const SCRIPTS = { prepublishOnly: 'a', publish: 'b', postpublish: 'c', test: 'd' };
const manifest = (fields: object = {}): void =>
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'p', version: '1.0.0', scripts: SCRIPTS, ...fields }),
  );

const publish = async (more: Partial<UploadPlan> = {}): Promise<number> =>
  publishPacked(publication(more), { env, start });

describe('a folder', () => {
  test('is packed, and its archive uploaded between its scripts', async () => {
    manifest();
    expect(await publish()).toBe(0);
    expect(log).toEqual([
      ['run', 'prepublishOnly', true],
      ['pack', '', true],
      ['upload', '', false],
      packed[0],
      ['run', 'publish', true],
      ['run', 'postpublish', true],
    ]);
    expect(said).toBe('');
  });

  test('has no script run that the client does not run, or runs by itself', async () => {
    manifest();
    for (const more of [{ runsScripts: false }, { forbidsScripts: () => true }]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await publish(more);
      expect(log.map(String)).not.toContain('run,publish,true');
    }
    log = [];
    await publish({ runsNeighbours: true });
    expect(log.at(-1)).toEqual(['run', 'publish', true]);
  });

  test('is not published if its archive is refused', async () => {
    manifest();
    packed = [attack('symlink').build({ name: 'p' })];
    expect(await publish()).toBe(1);
    expect(log.at(-1)).toEqual(['pack', '', true]);
    expect(said).toContain('tarwarden: refused to publish p@1.0.0');
  });

  test('is published under the name and the version that a script gives it while it is packed', async () => {
    manifest({ name: 'q', version: '2.0.0' });
    expect(await publish()).toBe(0);
    expect(log).toContainEqual(packed[0]);
  });

  test.each(['', '\uFEFF{"name":"p","version":"1.0.0"}'])(
    'has the client look for all scripts if only the client can read its manifest: %j',
    async (text) => {
      if (text !== '') writeFileSync(join(folder, 'package.json'), text);
      expect(await publish()).toBe(0);
      expect(log.filter(Array.isArray).map(([command]: string[]) => command)).toEqual([
        'run',
        'pack',
        'upload',
        'run',
        'run',
      ]);
    },
  );

  test('is uploaded by a confined client from where that client cannot write', async () => {
    manifest();
    const temporary = join(folder, 'temporary');
    mkdirSync(temporary);
    const places: Record<string, string> = {};
    const confined = async (args: readonly string[], step: PublishStep): Promise<number> => {
      const [command = '', word = ''] = args;
      places[command] = word;
      return start(args, step);
    };
    expect(await publishPacked(publication(), { env, start: confined, temporary })).toBe(0);
    expect(places['pack']).toContain(temporary);
    expect(places['upload']).not.toContain(temporary);
    expect(log).toContainEqual(packed[0]);
  });

  test.each(['prepublishOnly', 'pack', 'upload', 'publish'])(
    'is left where the client fails: %s',
    async (step) => {
      manifest();
      codes = { [step]: 7 };
      expect(await publish()).toBe(7);
      expect(log.map(String)).not.toContain('run,postpublish,true');
    },
  );

  test.each([0, 2])('is not published if %i archives are packed', async (count) => {
    packed = [tgz({ name: 'p' }), tgz({ name: 'q' })].slice(0, count);
    expect(await publish()).toBe(97);
    expect(said).toContain('nothing is published');
  });
});

describe('a file', () => {
  test('is uploaded as it was inspected, also if it is gone by then', async () => {
    const archive = join(folder, 'own.tgz');
    writeFileSync(archive, packed[0]!);
    const upload = (file: string): string[] => {
      rmSync(archive);
      expect(dirname(file)).not.toBe(folder);
      return ['upload', file];
    };
    expect(await publish({ archive, upload })).toBe(0);
    expect(log).toEqual([['upload', '', false], packed[0]]);
  });

  test('is not uploaded if it is refused, and the message names it', async () => {
    const archive = join(folder, 'own.tgz');
    writeFileSync(archive, attack('symlink').build({ name: 'p' }));
    expect(await publish({ archive })).toBe(1);
    expect(log).toEqual([]);
    expect(said).toContain(`tarwarden explain ${archive}`);
  });

  test('that cannot be read is not uploaded', async () => {
    expect(await publish({ archive: join(folder, 'missing.tgz') })).toBe(1);
    expect(said).toContain('not inspected, so not published');
    expect(existsSync(join(folder, 'missing.tgz'))).toBe(false);
  });
});
