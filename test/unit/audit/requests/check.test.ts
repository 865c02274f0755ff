/** Lockfiles that do not have what package.json asks for, and those of ordinary projects. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLockfile } from '@tarwarden/clients/lockfiles';
import { requestChecks } from '../../../../packages/audit/src/requests/check.ts';
import { requestsBeside } from '../../../../packages/audit/src/requests/load.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { putFile } from '../../../support/put-file.ts';

let root: string;
freshFolder((made) => (root = made));

const write = (path: string, content: object | string): string =>
  putFile(join(root, path), content);

/** `level id line name`, and problems. */
function checks(lockfile: string, text: string | object): string[] {
  const read = readLockfile(
    lockfile,
    typeof text === 'string' ? text : JSON.stringify(text, null, 1),
  );
  expect(read.problems).toEqual([]);
  const requests = requestsBeside(join(root, lockfile), read, root);
  return [
    ...requestChecks(read, requests).map(
      ({ check, line, name }) => `${check.level} ${check.id} ${line} ${name}`,
    ),
    ...requests.problems,
  ];
}

interface Given {
  readonly name?: string;
  readonly version?: string;
  readonly source?: 'git' | 'url';
}

const INTEGRITY = `sha512-${'A'.repeat(86)}==`;

/** A lockfile of each kind in which `a` is given as said, for a range that the lockfile repeats. */
const LOCKS: Record<string, (given: Given, range: string) => [string, string | object]> = {
  npm({ name = 'a', version = '1.0.0', source }, range) {
    const resolved = { git: 'git+ssh://git@x.test/a.git#1', url: undefined }[source ?? 'url'];
    const entry = {
      name,
      version,
      ...(resolved !== undefined && { resolved }),
      integrity: INTEGRITY,
    };
    const packages = { '': { dependencies: { a: range } }, 'node_modules/a': entry };
    return ['package-lock.json', { lockfileVersion: 3, packages }];
  },
  npm1({ name = 'a', version = '1.0.0', source }) {
    const at = source === 'git' ? 'git+ssh://git@x.test/a.git#1' : version;
    const real = name === 'a' ? at : `npm:${name}@${version}`;
    const entry = { version: real, integrity: INTEGRITY };
    return ['package-lock.json', { lockfileVersion: 1, dependencies: { a: entry } }];
  },
  pnpm({ name = 'a', version = '1.0.0', source }, range) {
    const key = source === undefined ? `${name}@${version}` : `a@https://x.test/a.tgz`;
    const at = name === 'a' ? key.slice(2) : key;
    const resolution =
      source === 'git'
        ? '{type: git, repo: x, commit: y}'
        : source === 'url'
          ? '{tarball: https://x.test/a.tgz}'
          : `{integrity: ${INTEGRITY}}`;
    return [
      'pnpm-lock.yaml',
      `lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a:\n        specifier: '${range}'\n        version: ${at}\npackages:\n  ${key}:\n    resolution: ${resolution}\n`,
    ];
  },
  yarn1({ name = 'a', version = '1.0.0', source }, range) {
    const resolved =
      source === 'git'
        ? 'git+ssh://git@x.test/a.git#1'
        : `https://registry.yarnpkg.com/${name}/-/${name}-${version}.tgz`;
    const pattern = name === 'a' ? `"a@${range}"` : `"a@npm:${name}@1", "a@${range}"`;
    return [
      'yarn.lock',
      `# yarn lockfile v1\n\n${pattern}:\n  version "${version}"\n  resolved "${resolved}"\n`,
    ];
  },
  yarn4({ name = 'a', version = '1.0.0', source }, range) {
    const resolution = source === undefined ? `${name}@npm:${version}` : `a@https://x.test/a.tgz`;
    return [
      'yarn.lock',
      `__metadata:\n  version: 8\n\n"a@npm:${range}":\n  version: ${version}\n  resolution: "${resolution}"\n\n"app@workspace:.":\n  version: 0.0.0\n  resolution: "app@workspace:."\n`,
    ];
  },
  bun({ name = 'a', version = '1.0.0', source }, range) {
    const places =
      source === undefined
        ? [`${name}@${version}`, '', {}, INTEGRITY]
        : [`${name}@git+ssh://git@x.test/a.git#1`, {}, 'x'];
    return [
      'bun.lock',
      {
        lockfileVersion: 1,
        workspaces: { '': { dependencies: { a: range } } },
        packages: { a: places },
      },
    ];
  },
};

describe.each(Object.entries(LOCKS))('%s', (_, lock) => {
  const inProject = (given: Given, range = '^1.0.0'): string[] => {
    write('package.json', { name: 'app', dependencies: { a: range } });
    return checks(...lock(given, range));
  };

  it('is silent about the package that is asked for', () => expect(inProject({})).toEqual([]));

  it('has another package for it', () =>
    expect(inProject({ name: 'evil' })).toEqual([
      expect.stringMatching(/^error other-package \d+ a$/),
    ]));

  it('has another version for it', () =>
    expect(inProject({ version: '2.0.0' })).toEqual([
      expect.stringMatching(/^warning not-as-asked \d+ a$/),
    ]));

  it('has another source for it', () =>
    expect(inProject({ source: 'git' })).toEqual([
      expect.stringMatching(/^error not-as-asked \d+ a$/),
    ]));

  it.each([
    ['overrides', { overrides: { a: 'x' } }],
    ['resolutions', { resolutions: { '**/a': 'x' } }],
    ['overrides of pnpm', { pnpm: { overrides: { 'b>a': 'x' } } }],
  ])('is silent where the project has %s', (__, more) => {
    write('package.json', { name: 'app', dependencies: { a: '^1.0.0' }, ...more });
    expect(checks(...lock({ name: 'evil', version: '3.0.0' }, '^1.0.0'))).toEqual([]);
  });

  it('lacks what is asked for', () => {
    write('package.json', {
      name: 'app',
      dependencies: { a: '^1.0.0' },
      devDependencies: { b: '*' },
    });
    expect(checks(...lock({}, '^1.0.0'))).toEqual(['warning not-as-asked 1 b']);
  });

  it('is silent about an alias that package.json has, and a tag', () => {
    if (!/yarn/.test(_)) expect(inProject({ name: 'b' }, 'npm:b@^1.0.0')).toEqual([]);
    expect(inProject({ version: '7.0.0-beta.1' }, 'next')).toEqual([]);
  });
});

describe('an alias', () => {
  it.each(['npm', 'pnpm', 'bun'])('of %s that only the lockfile has is another package', (kind) => {
    write('package.json', { dependencies: { a: '^1.0.0' } });
    const lock = LOCKS[kind]!({ name: 'evil' }, 'npm:evil@^1.0.0');
    expect(checks(...lock)).toEqual([expect.stringMatching(/^error other-package/)]);
  });

  it.each(['npm', 'pnpm', 'bun', 'yarn4'])(
    'of a %s lockfile that stands alone is held to itself',
    (kind) => {
      expect(checks(...LOCKS[kind]!({ name: 'evil' }, '^1.0.0'))).toHaveLength(1);
      expect(checks(...LOCKS[kind]!({}, '^1.0.0'))).toEqual([]);
    },
  );
});

describe('catalogs', () => {
  it.each(['catalog:', 'catalog:default', 'catalog:old'])('%s has a range', (range) => {
    write('package.json', { dependencies: { a: range } });
    write('pnpm-workspace.yaml', 'catalog:\n  a: ^1.0.0\ncatalogs:\n  old:\n    a: ^1.0.0\n');
    expect(checks(...LOCKS['pnpm']!({}, range))).toEqual([]);
    expect(checks(...LOCKS['pnpm']!({ name: 'evil' }, range))).toHaveLength(1);
  });

  it('that is unknown says nothing', () => {
    write('package.json', { dependencies: { a: 'catalog:x' } });
    expect(checks(...LOCKS['pnpm']!({ name: 'other' }, 'catalog:x'))).toEqual([]);
  });
});

describe('workspaces', () => {
  const packages = (to: string): object => ({
    lockfileVersion: 3,
    packages: {
      '': { workspaces: ['w'], dependencies: { a: '^1.0.0' } },
      [to]: { name: 'a', version: '1.0.0' },
      'node_modules/a': { resolved: to, link: true },
    },
  });

  it('stand for a package of their name', () => {
    write('package.json', { workspaces: ['w'], dependencies: { a: '^1.0.0' } });
    write('w/package.json', { name: 'a', version: '1.0.0' });
    expect(checks('package-lock.json', packages('w'))).toEqual([]);
  });

  it.each(['w', 'nowhere', '../outside'])('are not any folder: %s', (to) => {
    write('package.json', { dependencies: { a: '^1.0.0' } });
    write('w/package.json', { name: 'other' });
    expect(checks('package-lock.json', packages(to))).toEqual([
      expect.stringMatching(/^error not-as-asked \d+ a$/),
    ]);
  });

  it('that are asked for do not come from a registry', () => {
    write('package.json', { dependencies: { a: 'workspace:^' } });
    expect(checks(...LOCKS['pnpm']!({}, 'workspace:^'))).toEqual(['error not-as-asked 5 a']);
  });
});

describe('workspaces of Yarn 1, which its lockfile does not have', () => {
  const text = '# yarn lockfile v1\n\n\n';

  it.each([
    [['pkgs/*'], 'pkgs/w'],
    [{ packages: ['./pkgs/w/'] }, 'pkgs/w'],
    [['pkgs/**'], 'pkgs/deep/w'],
  ])('are looked up: %j', (workspaces, folder) => {
    write('package.json', { workspaces, dependencies: { w: '1.0.0' } });
    write(`${folder}/package.json`, { name: 'w' });
    expect(checks('yarn.lock', text)).toEqual([]);
  });

  it('may lack what they ask for, as others may', () => {
    write('package.json', { workspaces: ['pkgs/*'], dependencies: { a: '1', w: '1' } });
    write('pkgs/w/package.json', { name: 'w', dependencies: { b: '1' } });
    expect(checks('yarn.lock', text)).toEqual([
      'warning not-as-asked 1 a',
      'warning not-as-asked 1 b',
    ]);
  });
});

describe('a package.json that cannot be read', () => {
  it('is a problem', () => {
    write('package.json', '{');
    expect(checks(...LOCKS['npm']!({}, '^1.0.0'))).toEqual([
      '"package.json" cannot be read (not valid), so it is not known what the project asks for',
    ]);
  });

  it('is not one that a link leads to', () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
    writeFileSync(join(elsewhere, 'package.json'), '{"dependencies":{"b":"1"}}');
    symlinkSync(join(elsewhere, 'package.json'), join(root, 'package.json'));
    expect(checks(...LOCKS['npm']!({}, '^1.0.0'))).toEqual([]);
    rmSync(elsewhere, { recursive: true });
  });
});

it('ends, however often YAML has one mapping', () => {
  const wide = Array.from({ length: 2000 }, (_, n) => `    k${n}: *one`).join('\n');
  const levels = Array.from(
    { length: 25 },
    (_, n) => `  l${n + 1}: &l${n + 1}\n    a: *l${n}\n    b: *l${n}\n`,
  );
  const text = `catalogs:\n    one: &one\n      a: ^1.0.0\n${wide}\noverrides:\n  l0: &l0\n    a: b\n${levels.join('')}`;
  write('pnpm-workspace.yaml', text);
  write('package.json', { dependencies: { a: 'catalog:k7' } });
  expect(checks(...LOCKS['pnpm']!({ name: 'evil' }, 'catalog:k7'))).toHaveLength(1);
});

it('the archives of Yarn 1’s offline mirror are the registry’s', () => {
  const text = '# yarn lockfile v1\n\na@^1.0.0:\n  version "1.0.0"\n  resolved a-1.0.0.tgz#0123\n';
  write('package.json', { dependencies: { a: '^1.0.0' } });
  expect(checks('yarn.lock', text)).toEqual(['error not-as-asked 3 a']);
  write('.yarnrc', 'yarn-offline-mirror "./mirror"\n');
  expect(checks('yarn.lock', text)).toEqual([]);
});
