/** Whether an accepted gem has one reading: ours, RubyGems' and that of tar programs on its content. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import type { Entry } from '../../../packages/core/src/containers/entry.ts';
import { Typeflag } from '../../../packages/core/src/containers/entry.ts';
import { readGem } from '../../../packages/core/src/formats/gem/read.ts';
import {
  DEFAULT_LIMITS,
  MAX_GEMSPEC_DEPTH,
  MAX_GEMSPEC_REPEATED,
  MAX_GEMSPEC_VALUES,
} from '../../../packages/core/src/limits.ts';
import { parseGemspec, type Gemspec } from '../../../packages/core/src/metadata/gemspec.ts';
import { readYaml, type YamlNode } from '../../../packages/core/src/metadata/yaml/reader.ts';
import type { RubyGem, RubyGems } from './rubygems.ts';

/** What is made of a path: the digest of a file, or the target of a link. Folders are made as they are needed. */
type Tree = ReadonlyMap<string, string>;

interface Ours {
  readonly document: Buffer;
  readonly gemspec: Extract<Gemspec, { ok: true }>;
  readonly tree: Tree;
  readonly data: Buffer;
}

/** One line for each way in which readers differ about a gem that was accepted. */
export async function gemDisagreements(
  gem: Buffer,
  clients: readonly RubyGems[],
  programs: readonly string[],
): Promise<string[]> {
  const ours = read(gem);
  if (typeof ours === 'string') return [ours];
  const lines: string[] = [];
  for (const client of clients) {
    try {
      const theirs = await client.read(gem);
      lines.push(...compare(ours, theirs).map((line) => `RubyGems ${theirs.rubygems}: ${line}`));
    } catch (error) {
      // A date, a version or a dependency that makes no sense: nothing is unpacked.
      if (!String(error).startsWith('Error: Refusal: '))
        lines.push(`RubyGems refuses it: ${String(error)}`);
    }
  }
  for (const program of programs)
    lines.push(...unpacked(program, ours).map((line) => `${program}: ${line}`));
  return lines;
}

function read(gem: Buffer): Ours | string {
  let document: Buffer | undefined;
  const tree = new Map<string, string>();
  let open: { key: string; hash: ReturnType<typeof createHash> } | undefined;
  const close = (): void => {
    if (open) tree.set(open.key, open.hash.digest('hex'));
    open = undefined;
  };
  readGem(
    gem,
    {
      entry(entry: Entry) {
        close();
        const key = posix.normalize(entry.path);
        if (entry.typeflag === Typeflag.Symlink) tree.set(key, `-> ${entry.linkpath}`);
        if (entry.typeflag !== Typeflag.File) return false;
        open = { key, hash: createHash('sha256') };
        return true;
      },
      body: (piece) => void open?.hash.update(piece),
      description: (bytes) => void (document = bytes),
      anomaly: () => undefined,
      enough: () => false,
    },
    { limits: DEFAULT_LIMITS },
  );
  close();
  const gemspec = document && parseGemspec(document);
  if (!gemspec?.ok) return 'it was accepted without a gemspec';
  return { gemspec, tree, data: dataOf(gem), document: document! };
}

/** The member `data.tar.gz`, found by nothing but the sizes of the headers before it. */
function dataOf(gem: Buffer): Buffer {
  for (let at = 0; at + 512 <= gem.length;) {
    const size = Number.parseInt(gem.toString('latin1', at + 124, at + 135), 8);
    if (gem.toString('latin1', at, at + 12) === 'data.tar.gz\0')
      return gem.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return Buffer.alloc(0);
}

/** The gemspec in the form in which the server shows libyaml's. */
function shownDocument(document: Buffer): unknown {
  // What RubyGems itself changes before it reads the document.
  const text = document
    .toString('utf8')
    .replaceAll(' !!null \n', ' \n')
    .replaceAll(/^(date: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+?)Z/gm, '$1 Z');
  const read = readYaml(text, {
    values: MAX_GEMSPEC_VALUES,
    depth: MAX_GEMSPEC_DEPTH,
    repeated: MAX_GEMSPEC_REPEATED,
  });
  return read.ok ? shownNode(read.root) : read;
}

function shownNode(node: YamlNode): unknown {
  const tag = node.tag ?? null;
  // With a tag, it says nothing whether there are quotes.
  if (node.kind === 'scalar') return ['scalar', tag, node.text, tag === null && node.plain];
  if (node.kind === 'list') return ['list', tag, node.items.map(shownNode)];
  return ['map', tag, [...node.entries].map(([key, value]) => [key, shownNode(value)])];
}

function compare({ gemspec, tree, document }: Ours, theirsOf: RubyGem): string[] {
  const { spec, files } = theirsOf;
  const { platforms } = gemspec;
  const pairs: readonly [string, unknown, unknown][] = [
    ['document', shownDocument(document), theirsOf.document],
    ['name', gemspec.name, spec.name],
    ['version', gemspec.version, spec.version],
    ['bindir', gemspec.bindir, spec.bindir],
    ['executables', gemspec.executables, spec.executables],
    ['extensions', gemspec.extensions, spec.extensions],
    ['require_paths', gemspec.requirePaths, spec.requirePaths],
    ['files', gemspec.files, spec.files],
    ['platform', platforms.at(-1) ?? 'ruby', spec.platform],
    ['folder', spec.fullName, spec.folder],
    ['full name', `${spec.name}-${spec.version}`, fullOf(spec)],
  ];
  const lines = pairs.flatMap(([what, a, b]) => {
    const [one, other] = [JSON.stringify(a), JSON.stringify(b)];
    if (one === other) return [];
    const apart = one.split('').findIndex((letter, at) => letter !== other[at]);
    const from = Math.max(0, apart - 60);
    return [`${what}: ${one.slice(from, from + 200)} and ${other.slice(from, from + 200)}`];
  });
  const theirs = new Map(
    files.map(([path, kind, , content]) => [path, kind === 'link' ? `-> ${content}` : content]),
  );
  return [...lines, ...differences(withoutDangling(tree, theirs), theirs)];
}

/** Name and version at the beginning of the full name, behind which there may be a platform. */
function fullOf({ name, version, fullName }: RubyGem['spec']): string {
  const plain = `${name}-${version}`;
  return fullName === plain || fullName.startsWith(`${plain}-`) ? plain : fullName;
}

/** RubyGems makes no link to what is not there, and says so. */
function withoutDangling(tree: Tree, theirs: Tree): Tree {
  return new Map([...tree].filter(([path, what]) => !what.startsWith('-> ') || theirs.has(path)));
}

function unpacked(program: string, { data, tree }: Ours): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'tarwarden-gem-'));
  try {
    const args = [...(PROGRAM_ARGS[program] ?? []), '-C', folder];
    const { status, stderr } = spawnSync(program, args, {
      input: data,
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
    if (status !== 0) return [`it refuses it: ${stderr.toString().slice(0, 300)}`];
    return differences(tree, treeOn(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Those that are installed, in this process's view of PATH. */
export const tarPrograms: readonly string[] = ['tar', 'bsdtar'].filter(
  (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0,
);

const PROGRAM_ARGS: Readonly<Record<string, readonly string[]>> = {
  tar: ['-xzmf', '-', '--no-same-owner'],
  bsdtar: ['-xmf', '-', '--no-same-owner', '--no-xattrs', '--no-acls', '--no-fflags'],
};

function treeOn(folder: string): Tree {
  const tree = new Map<string, string>();
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const key = path.slice(folder.length + 1);
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) tree.set(key, `-> ${readlinkSync(path)}`);
    else if (stat.isFile())
      tree.set(key, createHash('sha256').update(readFileSync(path)).digest('hex'));
    else if (!stat.isDirectory()) tree.set(key, 'special');
  }
  return tree;
}

function differences(one: Tree, other: Tree): string[] {
  const lines: string[] = [];
  for (const path of new Set([...one.keys(), ...other.keys()])) {
    const [a, b] = [one.get(path), other.get(path)];
    if (a !== b) lines.push(`${JSON.stringify(path)}: ${String(a)} and ${String(b)}`);
  }
  return lines;
}
