/*
 * Refuses links that lead a client out of the project. A repository can commit a link in place of node_modules, of a folder of the
 * client's own, or of a file that the client writes, such as its lockfile. The client would then write to the place that the
 * repository chose.
 */
import { readlinkSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path';
import { printable, quote } from '@tarwarden/core/text';
import { folderEntries } from './folder-entries.ts';
import { trackedEntries } from './git-index.ts';
import { projectRoot } from '../policy/project-root.ts';
import { isLink, isWithin, realOrSame } from './real-path.ts';

/**
 * The files and folders that each client writes in a project. A `*` stands for any name. Links at the scopes and hidden entries of
 * node_modules count as well. test/e2e/written-files.test.ts compares this table with the files that each client writes.
 */
const WRITTEN = {
  npm: 'node_modules package.json package-lock.json npm-shrinkwrap.json',
  pnpm: 'node_modules package.json package.json5 package.yaml pnpm-lock.yaml pnpm-lock.*.yaml pnpm-workspace.yaml .pnp.cjs',
  yarn:
    'node_modules package.json yarn.lock .yarnrc.yml .pnp.cjs .pnp.data.json .pnp.loader.mjs ' +
    '.yarn/cache/.gitignore .yarn/unplugged .yarn/build-state.yml .yarn/install-state.gz',
  'yarn-classic': 'node_modules package.json yarn.lock .pnp.js .pnp/* .yarn-meta yarn-error.log',
  bun: 'node_modules package.json bun.lock bun.lockb yarn.lock',
  go: 'go.mod go.sum go.work go.work.sum vendor/modules.txt',
  gem: 'Gemfile.lock gem.deps.rb.lock Isolate.lock',
  bundle: 'Gemfile Gemfile.lock gems.rb gems.locked .bundle/config vendor/bundle vendor/cache',
  pip: 'pylock.toml',
} as const;

export type LinkClient = keyof typeof WRITTEN;

/** The most links that are followed on one path. Systems follow 40, npm itself more. */
const MAX_HOPS = 64;
/** Separates the parts of a link's target. */
const SEPARATOR = sep === '/' ? '/' : /[\\/]/;

export interface ProjectLink {
  /** The link's path, relative to the project's root. Escaped. */
  readonly name: string;
  /** The problem with it. One line, escaped. */
  readonly problem: string;
  readonly remedy: string;
}

export interface WrittenProject {
  readonly root: string;
  /** Other folders of the project in which the client writes: its workspaces. Relative paths start at the root. */
  readonly folders?: Iterable<string>;
}

/** A path that contains a link, and its destination; undefined if it has too many links. */
interface Way {
  readonly path: string;
  readonly real: string | undefined;
  readonly links: readonly string[];
  /** The project, and the workspace itself if it lies beside the project. */
  readonly within: readonly string[];
}

/**
 * The first link that leads a client out of the project and may have come with it: git tracks it, or cannot answer. A link that git
 * does not track belongs to the user.
 */
export function projectLink(client: LinkClient, project: WrittenProject): ProjectLink | undefined {
  const root = realOrSame(resolve(project.root));
  const leaving = [...waysOut(client, root, project)];
  if (leaving.length === 0) return undefined;
  // A surrounding repository that tracks nothing of the project, for example around an unpacked archive, cannot answer for it.
  const knows = (trackedEntries(root, ':(glob)*') ?? []).length > 0;
  const outer = knows ? projectRoot(root) : root;
  for (const way of leaving) {
    const within = [outer, ...way.within];
    if (!leaves(way.real, within)) continue;
    const tracked = knows
      ? isTracked(way.links.filter((link) => !leaves(link, within)))
      : undefined;
    if (tracked !== false) return describeLink(root, way, tracked === true);
  }
  return undefined;
}

function* waysOut(client: LinkClient, root: string, project: WrittenProject): Generator<Way> {
  for (const folderPath of new Set([project.root, ...(project.folders ?? [])])) {
    // Resolved from the root as given, since links to the root may lie above it.
    const folder = resolve(
      root,
      relative(resolve(project.root), resolve(project.root, folderPath)),
    );
    const real = realOrSame(folder);
    // A workspace may lie beside the project, but a link must not lead there.
    if (isWithin(root, folder) && leaves(real, [root])) yield wayTo(folder, [root]);
    const within = isWithin(root, real) ? [root] : [root, real];
    for (const path of linksIn(real, WRITTEN[client].split(' '))) {
      const way = wayTo(path, within);
      if (leaves(way.real, within)) yield way;
    }
  }
}

/** The links at the paths of the table and at the folders on the way to them. */
function* linksIn(folder: string, written: readonly string[]): Generator<string> {
  const steps = written.flatMap((path) => {
    const parts = path.split('/');
    return parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
  });
  for (const step of new Set(steps)) {
    const path = join(folder, step);
    if (step.includes('*')) yield* linksNamed(dirname(path), patternOf(basename(path)));
    else if (isLink(path)) yield path;
    else if (step === 'node_modules') yield* linksNamed(path, /^[.@]/);
  }
}

function* linksNamed(folder: string, name: RegExp): Generator<string> {
  if (isLink(folder)) return;
  for (const entry of folderEntries(folder))
    if (entry.isSymbolicLink() && name.test(entry.name)) yield join(folder, entry.name);
}

function patternOf(name: string): RegExp {
  return new RegExp(`^${name.replaceAll('.', '\\.').replaceAll('*', '.*')}$`, 's');
}

/** Follows a path link by link. Unlike realpath, it also resolves paths that do not exist yet. */
function wayTo(path: string, within: readonly string[]): Way {
  const links: string[] = [];
  let { root: current } = parse(path);
  const remaining = path.slice(current.length).split(sep);
  for (let part = remaining.shift(); part !== undefined; part = remaining.shift()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      current = dirname(current);
      continue;
    }
    const nextPath = join(current, part);
    const target = targetOf(nextPath);
    if (target === undefined) {
      current = nextPath;
      continue;
    }
    links.push(nextPath);
    if (links.length > MAX_HOPS) return { path, real: undefined, links, within };
    if (isAbsolute(target)) current = parse(target).root;
    remaining.unshift(...target.slice(isAbsolute(target) ? current.length : 0).split(SEPARATOR));
  }
  return { path, real: current, links, within };
}

function targetOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Undefined if git cannot answer. */
function isTracked(links: readonly string[]): boolean | undefined {
  let unknown = false;
  for (const link of links) {
    // Ignore case: on a file system that ignores it, `Node_Modules` is found too.
    const entries = trackedEntries(dirname(link), `:(icase,literal)${basename(link)}`);
    if (entries?.some(({ mode, path }) => mode === '120000' && !path.includes('/')) === true)
      return true;
    unknown ||= entries === undefined;
  }
  return unknown ? undefined : false;
}

/** The project must not write to git's own folder, because git runs the hooks in it. */
function leaves(real: string | undefined, within: readonly string[]): boolean {
  if (real === undefined) return true;
  return !within.some(
    (folder) =>
      isWithin(folder, real) && !/(?:^|[\\/])\.git(?:[\\/]|$)/i.test(relative(folder, real)),
  );
}

function describeLink(root: string, { path, real }: Way, tracked: boolean): ProjectLink {
  const name = relative(root, path).split(sep).join('/');
  const target = real === undefined ? 'through too many others' : `to ${quote(real)}`;
  const originText = tracked
    ? 'it is part of the repository'
    : 'git cannot say that it did not come with the project';
  return {
    name: printable(name),
    problem: `${quote(name)} is a link that leads out of the project, ${target}, where the install would write, and ${originText}`,
    remedy: tracked
      ? 'remove the link from the repository, and install again'
      : 'remove the link; if it is your own, have the project in a git repository that tracks package.json and not the link',
  };
}
