/** Every setting of bun, and whether bun runs with one that another user has written. */
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bunFoundFiles, strangersFileRefusal, clientContext } from '@tarwarden/settings';
import { describe, expect, it } from 'vitest';
import { freshFolder } from '../../../support/fresh-folder.ts';

let root: string;
let folder: string;
freshFolder((made) => {
  root = made;
  folder = join(root, 'mine');
  mkdirSync(folder);
  writeFileSync(join(root, 'package.json'), '{ "workspaces": ["*"] }');
  writeFileSync(join(folder, 'package.json'), '{}');
});

const found = (name: string, text: string): readonly string[] => {
  writeFileSync(join(root, name), text);
  chownSync(join(root, name), 54_321, 54_321);
  const where = clientContext({ folder, env: { HOME: join(root, 'home') } });
  const refusal = strangersFileRefusal('bun', bunFoundFiles(where), where);
  return /^bun would take from it: (.*)$/m.exec(refusal ?? '')?.[1]?.split(', ') ?? [];
};

/** Settings of bun 1.4 in a bunfig.toml, of its reader of these files. */
const LAYOUT = [
  'logLevel = "warn"',
  'telemetry = false',
  'smol = true',
  'console.depth = 2',
  'jsx = "react"',
  ...[
    'exact',
    'production',
    'optional',
    'dev',
    'peer',
    'dryRun',
    'saveTextLockfile',
    'frozenLockfile',
  ].map((name) => `install.${name} = true`),
  'install.concurrentScripts = 2',
  'install.prefer = "offline"',
  'install.linker = "hoisted"',

  'install.hoistPattern = "*"',
  'install.publicHoistPattern = "*"',
  'install.logLevel = "warn"',
  'install.linkWorkspacePackages = false',
  'run.silent = true',
  'run.noOrphans = true',
] as const;

const DECIDES = [
  'preload = "./x.ts"',
  'define.a = "b"',
  'macros.x.y = "z"',
  'test.preload = "./x"',
  'env = false',
  'serve.static.plugins = ["x"]',
  'bundle.outdir = "x"',
  'loader.".x" = "js"',
  'origin = "x"',
  'run.shell = "bun"',
  'run.bun = true',
  'install.registry = "http://x"',
  'install.scopes.x = "http://x"',
  'install.ca = "x"',
  'install.cafile = "x"',
  'install.security.scanner = "x"',
  'install.cache = "x"',
  'install.cache.disable = true',
  'install.globalDir = "x"',
  'install.globalBinDir = "x"',
  'install.globalStore = true',
  'install.lockfile.save = false',
  'install.auto = "force"',
  'install.ignoreScripts = false',
  'install.minimumReleaseAge = 0',
  'install.minimumReleaseAgeExcludes = []',
  'install.somethingNew = true',
  'somethingNew = true',
] as const;

describe.skipIf(process.getuid?.() !== 0)('a file of another user above the folder', () => {
  it.each(LAYOUT)('bunfig.toml may say %s', (text) => {
    expect(found('bunfig.toml', text)).toEqual([]);
  });

  it.each(DECIDES)('bunfig.toml may not say %s', (text) => {
    const [name = ''] = /^(?:install|run)\.[\w-]+|^\w+/.exec(text) ?? [];
    expect(found('bunfig.toml', text)).toEqual([name]);
  });

  it.each([
    ['save-exact=true\nomit=dev\nnode-linker=hoisted\nignore-scripts=false', []],
    ['registry=http://x.test/', ['registry']],
    ['@x:registry=http://x.test/', ['@x:registry']],
    ['//x.test/:_authToken=x', ['//x.test/:_authToken']],
    ['ca[]=x', ['ca']],
    ['cafile=x', ['cafile']],
    ['cache=x', ['cache']],
    ['cache=false', ['cache-disabled']],
    ['x=1\rregistry=x', ['settings that tarwarden cannot read']],
  ])('of the .npmrc %j, bun would take %j', (text, settings) => {
    expect(found('.npmrc', text)).toEqual(settings);
  });

  it('a package.json decides if it is that of the project', () => {
    expect(found('package.json', '{ "workspaces": ["*"] }')).toEqual(['dependencies', 'scripts']);
    expect(found('package.json', '{ "workspaces": ["theirs"] }')).toEqual([]);
  });
});
