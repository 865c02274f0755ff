/** pnpm: armed by a pnpmfile, a config dependency, a global pnpmfile or tarwarden, and the ways of being unguarded all the same. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it, onTestFinished } from 'vitest';
import { pnpmsByHook, repository, versionOf, type PnpmName } from '../../support/managers.ts';
import { startRegistry } from '../../support/registry.ts';
import { expectVerified, has, HOOK, makeCaller, type Caller } from './world.ts';

const GREEN = { code: 0, status: 'guarded', reason: 'refused' };
const RED = { code: 1, status: 'unguarded', reason: 'not-loaded' };
const PNPMFILE = `module.exports = require(${JSON.stringify(HOOK)});\n`;

function makeProject(name: PnpmName, files: Readonly<Record<string, string>>): Caller {
  const caller = makeCaller(name);
  caller.sandbox.write(files);
  return caller;
}

/** Names a file of the user's home as the pnpmfile that comes before those of every project. */
function useGlobalPnpmfile({ sandbox }: Caller): string {
  const file = join(sandbox.home, 'pnpmfile.cjs');
  sandbox.npmrc(`global-pnpmfile=${file}`);
  sandbox.pnpmConfig(`globalPnpmfile: ${JSON.stringify(file)}`);
  return file;
}

describe.each(pnpmsByHook.filter(has))('%s', (name) => {
  const expectGreen = async (caller: Caller) => expectVerified(caller, ['pnpm'], GREEN);
  const expectRed = async (caller: Caller, remedy?: RegExp) =>
    expectVerified(caller, ['pnpm'], { ...RED, ...(remedy !== undefined && { remedy }) });

  it('is guarded by the pnpmfile of the project', async () => {
    await expectGreen(makeProject(name, { '.pnpmfile.cjs': PNPMFILE }));
  });

  it('is guarded by a pnpmfile that lies elsewhere in the project, and by what lies beside it', async () => {
    await expectGreen(
      makeProject(name, {
        'pnpm-workspace.yaml': 'packages: ["."]\npnpmfile: ./tools/hook.cjs\n',
        'tools/hook.cjs': 'module.exports = require("./guard.cjs");\n',
        'tools/guard.cjs': PNPMFILE,
      }),
    );
  });

  // pnpm 12 takes it from its own store alone.
  it.skipIf(name === 'pnpm-12')('is guarded by a config dependency that is installed', async () => {
    const caller = makeProject(name, {
      'pnpm-workspace.yaml':
        'packages: ["."]\nconfigDependencies:\n  pnpm-plugin-tarwarden: 0.1.0+sha512-AAAA\n',
    });
    const plugin = join(caller.sandbox.project, 'node_modules/.pnpm-config/pnpm-plugin-tarwarden');
    mkdirSync(dirname(plugin), { recursive: true });
    for (const part of ['package.json', 'pnpmfile.cjs', 'dist'])
      cpSync(join(repository, 'packages/pnpm-hook', part), join(plugin, part), { recursive: true });
    await expectGreen(caller);
  });

  it('is guarded by a global pnpmfile, and unguarded where that is replaced', async () => {
    const caller = makeCaller(name);
    const file = useGlobalPnpmfile(caller);
    writeFileSync(file, PNPMFILE);
    await expectGreen(caller);
    writeFileSync(file, 'module.exports = { hooks: {} };\n');
    await expectRed(caller, /no pnpmfile that pnpm loads here/);
  });

  it('is guarded by a shim, whatever the project says', async () => {
    const caller = makeProject(name, {
      'pnpm-workspace.yaml': 'packages: ["."]\nignorePnpmfile: true\n',
    });
    await caller.shims();
    await expectGreen(caller);
  });

  it('is found to be unguarded by ignorePnpmfile of the project', async () => {
    const files = { '.pnpmfile.cjs': PNPMFILE };
    await expectRed(
      makeProject(name, {
        ...files,
        'pnpm-workspace.yaml': 'packages: ["."]\nignorePnpmfile: true\n',
      }),
      /ignorePnpmfile/,
    );
    if (name !== 'pnpm-10') return;
    await expectRed(makeProject(name, { ...files, '.npmrc': 'ignore-pnpmfile=true\n' }));
  });

  // pnpm 10 alone reads these there.
  it
    .skipIf(name !== 'pnpm-10')
    .each([
      'ignore-pnpmfile\n',
      '"ignore-pnpmfile"=true\n',
      'ignore-pnpmfile[]=true\n',
      'x=y\rignore-pnpmfile=true\n',
      'ignore-${KIND}=true\n',
    ])('is found to be unguarded by the .npmrc %j', async (line) => {
    const caller = makeProject(name, {
      '.pnpmfile.cjs': PNPMFILE,
      'package.json': '{}',
      '.npmrc': line,
    });
    caller.env['KIND'] = 'pnpmfile';
    await expectRed(caller);
  });

  it.skipIf(name !== 'pnpm-10')('is found to be unguarded by the .npmrc of a package', async () => {
    const caller = makeProject(name, {
      '.pnpmfile.cjs': PNPMFILE,
      'pnpm-workspace.yaml': 'packages: ["packages/*"]\n',
      'packages/a/package.json': '{"name":"a"}',
      'packages/a/.npmrc': 'ignore-pnpmfile=true\n',
    });
    caller.folder = 'packages/a';
    await expectRed(caller);
  });

  it('is unguarded where .npmrc has pnpm 10 look for the pnpmfile elsewhere', async () => {
    const files = { '.pnpmfile.cjs': PNPMFILE, '.npmrc': 'lockfile-dir=locks\n' };
    const caller = makeProject(name, files);
    await (name === 'pnpm-10' ? expectRed(caller) : expectGreen(caller));
  });

  it('is found to be unguarded by ignorePnpmfile that YAML merges', async () => {
    await expectRed(
      makeProject(name, {
        '.pnpmfile.cjs': PNPMFILE,
        'pnpm-workspace.yaml': 'packages: ["."]\n<<: {ignorePnpmfile: true}\n',
      }),
      /ignorePnpmfile/,
    );
  });

  it('is guarded in a package of the workspace, and in a folder that is none only with pnpm 10', async () => {
    const caller = makeProject(name, {
      '.pnpmfile.cjs': PNPMFILE,
      'pnpm-workspace.yaml': 'packages: ["packages/*"]\n',
      'packages/a/package.json': '{"name":"a"}',
      'other/package.json': '{"name":"o"}',
    });
    caller.folder = 'packages/a';
    await expectGreen(caller);
    caller.folder = 'other';
    // pnpm 10 takes the settings and the pnpmfile of a workspace that does not name the package.
    if (name === 'pnpm-10') await expectGreen(caller);
    else await expectRed(caller);
  });

  it('writes nothing into the workspace that a variable names', async () => {
    const caller = makeProject(name, {
      '.pnpmfile.cjs': PNPMFILE,
      'pnpm-workspace.yaml': 'packages: ["."]\n',
    });
    caller.env['NPM_CONFIG_WORKSPACE_DIR'] = caller.sandbox.project;
    await expectGreen(caller);
  });

  it('is found to be unguarded by a variable', async () => {
    const caller = makeProject(name, { '.pnpmfile.cjs': PNPMFILE });
    const variable =
      name === 'pnpm-10' ? 'npm_config_ignore_pnpmfile' : 'pnpm_config_ignore_pnpmfile';
    caller.env[variable] = 'true';
    await expectRed(caller, new RegExp(`the variable ${variable}`));
  });

  it('is found to be unguarded where another setting names the pnpmfile', async () => {
    await expectRed(
      makeProject(name, {
        '.pnpmfile.cjs': PNPMFILE,
        'pnpm-workspace.yaml': 'packages: ["."]\npnpmfile: none.cjs\n',
        'none.cjs': 'module.exports = {};\n',
      }),
    );
  });

  it('is found to be unguarded where pnpm looks for the pnpmfile in another folder', async () => {
    await expectRed(
      makeProject(name, {
        '.pnpmfile.cjs': PNPMFILE,
        'pnpm-workspace.yaml': 'packages: ["."]\nlockfileDir: ./locks\n',
        'locks/README': '',
      }),
    );
  });

  it('keeps folders that the project names out of the trial', async () => {
    await expectGreen(
      makeProject(name, {
        '.pnpmfile.cjs': PNPMFILE,
        'pnpm-workspace.yaml':
          'packages: ["."]\nmodulesDir: ../../elsewhere\nstoreDir: ./store\ncacheDir: ./cache\n',
      }),
    );
  });

  it('is guarded where package.json names this very version, and unproven where it names another', async () => {
    // pnpm 12 asks for itself, and asks a registry that does not answer for more than a minute.
    const registry = await startRegistry();
    onTestFinished(() => registry.close());
    const caller = makeProject(name, { '.pnpmfile.cjs': PNPMFILE });
    caller.sandbox.npmrc(`registry=${registry.url}/`);
    const named = (version: string): void =>
      caller.sandbox.write({ 'package.json': { name: 'p', packageManager: `pnpm@${version}` } });
    named(versionOf(name).version);
    await expectGreen(caller);
    named('10.0.0');
    const other = { code: 2, status: 'unproven', reason: 'failed' };
    await expectVerified(caller, ['pnpm'], other);
  });

  it("is guarded whatever else the user's settings ask for", async () => {
    const caller = makeProject(name, { '.pnpmfile.cjs': PNPMFILE });
    caller.sandbox.npmrc('offline=true', 'node-linker=hoisted', 'minimum-release-age=10080');
    caller.sandbox.pnpmConfig('offline: true', 'nodeLinker: hoisted', 'minimumReleaseAge: 10080');
    caller.env['CI'] = 'true';
    await expectGreen(caller);
  });

  it('is unguarded where a setting of pnpm 12 includes a file that switches pnpmfiles off', async () => {
    const yaml = 'packages: ["."]\ninclude:\n  ./more.yaml: "*"\n';
    const caller = makeProject(name, {
      '.pnpmfile.cjs': PNPMFILE,
      'pnpm-workspace.yaml': yaml,
      'more.yaml': 'ignorePnpmfile: true\n',
    });
    // pnpm 10 and 11 know no such setting.
    if (name === 'pnpm-12') await expectRed(caller);
    else await expectGreen(caller);
  });
});
