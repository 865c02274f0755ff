/** What lies unpacked in a project before Yarn links: only what was linked under the guard is left as it is. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { available, envFor, managerFolder, type YarnName } from '../../support/managers.ts';
import { tree } from '../../support/sandbox.ts';
import { expectInstalled, full, makeWorld, output, type Linker, type World } from './world.ts';

const CLEAN = 'module.exports = 1\n';
const HOSTILE = 'module.exports = "hostile"\n';
const ANEW = /tarwarden: .* made anew/;

let world: World;
afterEach(async () => {
  await world.dispose();
});

const at = (...path: string[]): string => join(world.sandbox.project, ...path);

/** A project with one package that Yarn unplugs, or a script of which leaves a line in `marks` and a file in the package. */
async function project(yarn: YarnName, linker: Linker, script = false): Promise<void> {
  world = await makeWorld({ yarn, linker, rc: ['enableScripts: true'] });
  const marks = join(world.sandbox.root, 'marks');
  world.registry.publish({
    name: 'fixture',
    manifest: script
      ? {
          scripts: {
            postinstall: `node -e "fs.appendFileSync('${marks}', 'x'); fs.writeFileSync('built', '')"`,
          },
        }
      : { preferUnplugged: true },
  });
  world.dependencies(
    { fixture: '1.0.0' },
    { dependenciesMeta: { fixture: script ? { built: true } : { unplugged: true } } },
  );
}

async function installedBefore(yarn: YarnName, linker: Linker): Promise<void> {
  await project(yarn, linker);
  world.guard(false);
  expect(await world.run('install')).toMatchObject({ code: 0 });
  world.guard(true);
}

function unpluggedFolder(): string {
  const [name = ''] = readdirSync(at('.yarn/unplugged'));
  return at('.yarn/unplugged', name);
}

/** Where the package lies, by linker. */
function folderOf(linker: Linker, { yarn } = world): string {
  if (linker === 'pnp') return join(unpluggedFolder(), 'node_modules/fixture');
  if (linker === 'node-modules') return at('node_modules/fixture');
  const [name = ''] = readdirSync(at('node_modules/.store')).filter((one) =>
    one.startsWith('fixture'),
  );
  const path = yarn === 'yarn-4' ? 'package' : 'node_modules/fixture';
  return at('node_modules/.store', name, path);
}

function spoil(folder: string): void {
  rmSync(join(folder, 'index.js'));
  writeFileSync(join(folder, 'index.js'), HOSTILE);
  writeFileSync(join(folder, 'extra.js'), HOSTILE);
  symlinkSync('../../../../../../sentinel/secret', join(folder, 'link'));
}

function expectClean(linker: Linker): void {
  const folder = folderOf(linker);
  expect(lstatSync(folder).isDirectory()).toBe(true);
  const names = readdirSync(folder).filter((name) => name !== '.ready');
  expect(names.toSorted()).toEqual(['index.js', 'package.json']);
  expect(readFileSync(join(folder, 'index.js'), 'utf8')).toBe(CLEAN);
  world.sandbox.assertSentinelUntouched();
}

const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';
/** Both link alike. Yarn 3 too with `TARWARDEN_E2E_FULL=1`. */
const yarns = (['yarn-4', 'yarn-3'] as const).slice(0, FULL ? undefined : 1);

describe.each(yarns)('%s', (yarn) => {
  describe.skipIf(!available(yarn).ok)('what was unpacked before', () => {
    for (const linker of ['pnp', 'node-modules', 'pnpm'] as const) {
      test(`is made anew with --immutable, and then left: ${linker}`, async () => {
        await installedBefore(yarn, linker);
        spoil(folderOf(linker));
        const result = await world.run('install', '--immutable');
        expectInstalled(result);
        expect(output(result)).toMatch(ANEW);
        expectClean(linker);
        const again = await world.run('install', '--immutable');
        expectInstalled(again);
        expect(output(again)).not.toMatch(ANEW);
      });
    }

    const variants: Record<string, (folder: string) => void> = {
      'a changed file': (folder) => writeFileSync(join(folder, 'index.js'), HOSTILE),
      'a changed file of the same size and times': (folder) => {
        const file = join(folder, 'index.js');
        const { atime, mtime } = statSync(file);
        writeFileSync(file, CLEAN.replace('1', '2'));
        utimesSync(file, atime, mtime);
      },
      'an extra file': (folder) => writeFileSync(join(folder, 'extra.js'), HOSTILE),
      'an extra folder': (folder) => {
        mkdirSync(join(folder, 'node_modules/other'), { recursive: true });
        writeFileSync(join(folder, 'node_modules/other/index.js'), HOSTILE);
      },
      'a link': (folder) => symlinkSync('../../../../../sentinel', join(folder, 'link')),
      'another mode': (folder) => chmodSync(join(folder, 'index.js'), 0o6755),
      'a link in place of a file': (folder) => {
        rmSync(join(folder, 'index.js'));
        symlinkSync('../../../../../sentinel/secret', join(folder, 'index.js'));
      },
      'files and no .ready': (folder) => {
        rmSync(join(folder, '.ready'));
        writeFileSync(join(folder, 'index.js'), HOSTILE);
        writeFileSync(join(folder, 'extra.js'), HOSTILE);
      },
      '.ready alone': (folder) => {
        rmSync(folder, { recursive: true });
        mkdirSync(folder);
        writeFileSync(join(folder, '.ready'), '');
      },
      'a link for the folder': () => {
        const folder = unpluggedFolder();
        renameSync(folder, at('elsewhere'));
        symlinkSync(at('elsewhere'), folder);
        writeFileSync(at('elsewhere/node_modules/fixture/index.js'), HOSTILE);
      },
      'a link for all of them': () => {
        renameSync(at('.yarn/unplugged'), at('elsewhere'));
        symlinkSync('../elsewhere', at('.yarn/unplugged'));
        const [name = ''] = readdirSync(at('elsewhere'));
        writeFileSync(at('elsewhere', name, 'node_modules/fixture/index.js'), HOSTILE);
      },
    };
    const some = full ? Object.entries(variants) : Object.entries(variants).slice(-2);
    test.each(yarn === 'yarn-4' || full ? some : [])(
      'also where it was made under the guard and changed since: %s',
      async (_title, change) => {
        await project(yarn, 'pnp');
        expectInstalled(await world.run('install'));
        change(folderOf('pnp'));
        const result = await world.run('install', '--immutable');
        expectInstalled(result);
        expect(output(result)).toMatch(ANEW);
        expectClean('pnp');
        expect(statSync(join(folderOf('pnp'), 'index.js')).mode & 0o7777).toBe(0o644);
      },
    );

    for (const linker of ['pnp', 'node-modules', 'pnpm'] as const) {
      test(`clean twin: what a script built is built once, and stays: ${linker}`, async () => {
        await project(yarn, linker, true);
        const marks = join(world.sandbox.root, 'marks');
        expectInstalled(await world.run('install'));
        const built = join(folderOf(linker), 'built');
        expect(existsSync(built)).toBe(true);
        for (const command of [['install'], ['install', '--immutable']]) {
          const result = await world.run(...command);
          expectInstalled(result);
          expect(output(result)).not.toMatch(ANEW);
        }
        expect(readFileSync(marks, 'utf8')).toBe('x');
        expect(existsSync(built)).toBe(true);
        spoil(folderOf(linker));
        if (linker !== 'pnp') return;
        expectInstalled(await world.run('install'));
        expect(readFileSync(marks, 'utf8')).toBe('xx');
        expect(tree(folderOf(linker)).join('\n')).not.toMatch(/extra|link /);
      });
    }

    test.skipIf(process.getuid?.() !== 0)(
      'is refused where this user cannot make it anew, and the message says what to do',
      async () => {
        await installedBefore(yarn, 'pnp');
        const { root, project: folder } = world.sandbox;
        execFileSync('chmod', ['-R', 'a+rX', root]);
        for (const own of ['home', 'temp', 'xdg', 'yarn-global'])
          execFileSync('chown', ['-R', '54321:54321', join(root, own)]);
        const result = spawnYarn(yarn, folder, ['install', '--immutable']);
        expect(result).toMatch(/YN0030.*unplugged.fixture.* cannot be made anew: EACCES/);
        expect(result).toContain('what to do: install as the user who may write there');
        expect(result).not.toMatch(/^ +at /m);
      },
    );

    test('commands that the install state claims of a package are not made', async () => {
      await project(yarn, 'node-modules');
      world.registry.publish({ name: 'tool', manifest: { bin: { tool: 'index.js' } } });
      world.dependencies({ tool: '1.0.0' });
      world.guard(false);
      expect(await world.run('install')).toMatchObject({ code: 0 });
      world.sandbox.write({ 'evil.js': HOSTILE });
      claimCommand(at('.yarn/install-state.gz'));
      rmSync(at('node_modules'), { recursive: true });
      if (full) {
        expect(await world.run('install', '--immutable')).toMatchObject({ code: 0 });
        expect(realpathSync(at('node_modules/.bin/tool'))).toBe(at('evil.js'));
        rmSync(at('node_modules'), { recursive: true });
      }
      world.guard(true);
      expectInstalled(await world.run('install', '--immutable'));
      expect(realpathSync(at('node_modules/.bin/tool'))).toBe(at('node_modules/tool/index.js'));
    });

    test.runIf(full)('a package with peers is made anew as well', async () => {
      await project(yarn, 'pnp');
      world.registry.publish({ name: 'peer' });
      world.registry.publish({
        name: 'fixture',
        version: '2.0.0',
        manifest: { preferUnplugged: true, peerDependencies: { peer: '*' } },
      });
      world.dependencies({ fixture: '2.0.0', peer: '1.0.0' });
      world.guard(false);
      expect(await world.run('install')).toMatchObject({ code: 0 });
      world.guard(true);
      spoil(folderOf('pnp'));
      expectInstalled(await world.run('install', '--immutable'));
      expectClean('pnp');
    });
  });
});

/** What Yarn prints for an ordinary user who does not own the project. Nothing may have to be fetched: the registry waits. */
function spawnYarn(yarn: YarnName, cwd: string, args: readonly string[]): string {
  const script = join(managerFolder(yarn), 'bin/yarn.js');
  const env = envFor(yarn, world);
  const who = { uid: 54321, gid: 54321 };
  const { stdout, stderr } = spawnSync(process.execPath, [script, ...args], { cwd, env, ...who });
  return `${String(stdout)}${String(stderr)}`;
}

/** Changes what Yarn remembers of the commands of each package. */
function claimCommand(file: string): void {
  const state = deserialize(gunzipSync(readFileSync(file))) as Record<string, Map<string, unknown>>;
  const data = state['linkersCustomData'] ?? state['installersCustomData'] ?? new Map();
  for (const { store } of data.values() as Iterable<{ store?: Map<string, unknown> }>) {
    for (const one of (store?.values() ?? []) as Iterable<{
      manifest: { bin: Map<string, string> };
    }>)
      one.manifest.bin = new Map([['tool', '../../evil.js']]);
  }
  writeFileSync(file, gzipSync(serialize(state)));
}
