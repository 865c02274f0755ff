/** The tree of each client has the same files as the measured model of the client writes. */
import { createHash } from 'node:crypto';
import { inspect, type Format } from '@tarwarden/core';
import { formatOf } from '@tarwarden/core/formats';
import { DEFAULT_LIMITS } from '@tarwarden/core/limits';
import {
  treeDigest,
  unpackedFiles,
  type TreeClient,
  type UnpackedFiles,
} from '@tarwarden/core/trees';
import { describe, expect, test } from 'vitest';
import {
  viewsOf,
  type Unpacked,
  type Viewer,
} from '../../../packages/core/src/views/readers/index.ts';
import { attacks, cleanOddities, zipAttacks } from '../../support/attacks.ts';
import { cleanGems, gemAttacks } from '../../support/attacks/gem.ts';
import { GO_MODULE, goAttacks, goCleanArchives } from '../../support/attacks/go-zip.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';
import { yarnZip } from '../../support/yarn-zip.ts';

interface Archive {
  readonly name: string;
  readonly fileName: string;
  readonly bytes: Buffer;
}

const fixture = { name: 'fixture', version: '1.0.0' };

const npmArchives: readonly Archive[] = [
  ...attacks.map((attack) => ({ name: attack.id, bytes: attack.build(fixture) })),
  ...cleanOddities.map((clean) => ({ name: clean.id, bytes: clean.build(fixture) })),
  { name: 'modes', bytes: withModes() },
  { name: '.gitignore files', bytes: withIgnoreFiles() },
  {
    name: 'the same file twice, executable the second time',
    bytes: tgz({
      ...fixture,
      entries: [0o644, 0o755].map((mode) => entry({ name: 'package/run', body: 'x', mode })),
    }),
  },
].map((archive) => ({ fileName: 'fixture-1.0.0.tgz', ...archive }));

function withModes(): Buffer {
  const modes = [0o600, 0o700, 0o711, 0o755, 0o777, 0o666, 0o444, 0o555, 0o744, 0];
  return tgz({
    ...fixture,
    entries: modes.map((mode) => entry({ name: `package/m${mode.toString(8)}`, body: 'x', mode })),
  });
}

function withIgnoreFiles(): Buffer {
  const paths = ['.gitignore', 'a/.gitignore', 'b/.npmignore', 'b/.gitignore', 'c/.gitignore'];
  return tgz({
    ...fixture,
    entries: [...paths, 'c/.npmignore', 'd.gitignore'].map((path) =>
      entry({ name: `package/${path}`, body: path }),
    ),
  });
}

/** The models of the client that writes each tree. */
const viewers: Readonly<Record<TreeClient, readonly Viewer[]>> = {
  npm: ['npm'],
  pnpm: ['pnpm-10', 'pnpm-11', 'pnpm-12'],
  yarn: ['yarn-4'],
  'yarn-classic': ['yarn-1'],
  bun: ['bun'],
  gem: ['gem'],
  go: ['go'],
};

/** Folders that the linker of a client leaves out after the client has unpacked the archive. The models leave them out at once. */
const leftOut: Partial<Record<TreeClient, RegExp>> = {
  yarn: /^node_modules\//,
  'yarn-classic': /^node_modules\/\.bin\//,
};

/** One line for each file: SHA-512, whether it is executable, and the path. */
function linesOfTree(files: UnpackedFiles, client: TreeClient): string[] {
  return [...files]
    .filter(([path]) => leftOut[client]?.test(path) !== true)
    .map(([path, { sha512, executable }]) => `${path} ${executable ? 'x' : '-'} ${sha512}`)
    .toSorted();
}

function linesOfView(files: readonly Unpacked[], sha512By: ReadonlyMap<string, string>): string[] {
  return files
    .map((file) => {
      if (file.kind !== 'file') return `${file.path} ${file.kind}`;
      const executable = (file.mode & 0o111) !== 0;
      return `${file.path} ${executable ? 'x' : '-'} ${sha512By.get(file.sha256)}`;
    })
    .toSorted();
}

/** The SHA-512 of each content of the archive, by its SHA-256, which the models give. */
function contentHashes(format: Format, bytes: Buffer): ReadonlyMap<string, string> {
  const contents: Buffer[][] = [];
  const sink = {
    entry: () => contents.push([]) > 0,
    body: (piece: Buffer) => void contents.at(-1)!.push(Buffer.from(piece)),
    anomaly: () => undefined,
    enough: () => false,
  };
  formatOf(format).read(bytes, sink, { limits: DEFAULT_LIMITS });
  const hex = (kind: string, content: Buffer): string =>
    createHash(kind).update(content).digest('hex');
  return new Map(
    contents.map((pieces) => {
      const content = Buffer.concat(pieces);
      return [hex('sha256', content), hex('sha512', content)];
    }),
  );
}

describe.each([
  ['npm', npmArchives, ['npm', 'pnpm', 'yarn', 'yarn-classic', 'bun']],
  ['gem', [...gemAttacks, ...cleanGems], ['gem']],
  ['gomod', [...goAttacks, ...goCleanArchives], ['go']],
] as const)('accepted archives of the format %s', (format, archives, clients) => {
  const accepted = archives.filter(
    ({ bytes, fileName }) =>
      inspect(bytes, { format, expected: { ...expectedOf(format), fileName } }).status === 'accept',
  );

  test.each(clients)('the tree for %s is what the models of the client write', (client) => {
    expect(accepted.length).toBeGreaterThan(3);
    for (const { name, bytes, fileName } of accepted) {
      const files = unpackedFiles(bytes, format, client, DEFAULT_LIMITS);
      const hashes = contentHashes(format, bytes);
      const archive = { bytes, fileName, expected: format === 'gomod' ? GO_MODULE : undefined };
      const views = viewsOf(format, archive)!.filter((view) =>
        viewers[client].includes(view.viewer),
      );
      expect(views.length).toBe(viewers[client].length);
      for (const view of views) {
        if (view.outcome !== 'installs') {
          // pnpm 12 and Yarn do not install everything that the other clients install alike.
          expect(['long-zero-tail', 'repeated-directory']).toContain(name);
          continue;
        }
        const lines = linesOfView(view.files, hashes);
        const tree = files && linesOfTree(files, client);
        const about = `${name} for ${view.viewer}`;
        if (tree === undefined)
          expect([about, lines.join('\n')]).toMatchObject([
            about,
            expect.stringMatching(/ link$/m),
          ]);
        else expect([about, ...tree]).toEqual([about, ...lines]);
      }
    }
  });
});

function expectedOf(format: Format): { name?: string; version?: string } {
  if (format !== 'gomod') return fixture;
  const [name, version] = GO_MODULE.split('@');
  return { name: name!, version: version! };
}

describe('an archive of the cache of Yarn', () => {
  test('has the tree of the tarball that it was made of', () => {
    const files = { 'lib/a.js': 'x', 'node_modules/other/package.json': '{}' };
    const manifest = { main: 'index.js' };
    const tarball = tgz({ ...fixture, manifest, files });
    const zip = yarnZip({ ...fixture, files });
    const tree = unpackedFiles(zip, 'yarn-zip', 'yarn', DEFAULT_LIMITS)!;
    expect([...tree.keys()]).toContain('lib/a.js');
    expect(treeDigest('yarn', tree)).toBe(
      treeDigest('yarn', unpackedFiles(tarball, 'npm', 'yarn', DEFAULT_LIMITS)!),
    );
  });

  test('has a tree whose files are executable as the zip says', () => {
    const entries = [0o100644, 0o100755].map((mode) => ({
      name: `node_modules/fixture/m${mode.toString(8)}`,
      body: 'x',
      mode,
    }));
    const tree = unpackedFiles(
      yarnZip({ ...fixture, entries }),
      'yarn-zip',
      'yarn',
      DEFAULT_LIMITS,
    );
    expect(tree?.get('m100644')?.executable).toBe(false);
    expect(tree?.get('m100755')?.executable).toBe(true);
  });

  test('has no tree if it contains a link, which Yarn would make', () => {
    const symlink = zipAttacks.find(({ id }) => id === 'zip-symlink')!.build(fixture);
    expect(unpackedFiles(symlink, 'yarn-zip', 'yarn', DEFAULT_LIMITS)).toBeUndefined();
  });
});
