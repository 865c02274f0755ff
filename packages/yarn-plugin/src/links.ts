import { homedir } from 'node:os';
import { isAbsolute, relative } from 'node:path';
import { nothingInstalled } from '@tarwarden/guarded-run/kit';
import type { Cache, Project } from '@yarnpkg/core';
import { npath, ppath, type PortablePath } from '@yarnpkg/fslib';
import type { Guards } from './guards.ts';
import { foreignFile } from './sources.ts';

/**
 * Files that Yarn 3 and 4 write in a project besides packages. Found by tracing the system calls of `install` with each `nodeLinker`
 * and `nmMode`, with and without inlined Plug'n'Play data. Yarn 4 writes `.yarnrc.yml` when it finds a lockfile of Yarn 3.
 * test/e2e/written-files.test.ts compares this list with the files that each Yarn writes.
 */
const FILES: readonly string[] = [
  'package.json',
  '.yarnrc.yml',
  '.pnp.cjs',
  '.pnp.data.json',
  '.pnp.loader.mjs',
  '.yarn/build-state.yml',
];

/** Settings with the paths to which an install writes. They are absolute after Yarn has read them. */
const WRITTEN_BY_SETTING = [
  'cacheFolder',
  'globalFolder',
  'installStatePath',
  'pnpDataPath',
  'pnpUnpluggedFolder',
  'pnpmStoreFolder',
] as const;

interface WrittenPath {
  readonly setting: string;
  readonly path: string;
}

type WrittenProject = Pick<Project, 'cwd' | 'configuration'> & {
  readonly workspaces: readonly { readonly cwd: PortablePath }[];
};

/** Refuses to install if a link or a setting of the repository would make Yarn write outside of the project. */
export async function refuseLinksOut(project: WrittenProject, guards: Guards): Promise<void> {
  const text = await linkOut(project, guards);
  if (text !== undefined) throw guards.refusal(text);
}

/**
 * The same before Yarn makes its cache, because Yarn writes a .gitignore there long before it installs. Yarn prints such an early error
 * without the lines of a report, and with a stack unless the error says that it needs none.
 */
export async function refuseCacheOut({ configuration }: Cache, guards: Guards): Promise<void> {
  const { projectCwd: cwd } = configuration;
  if (cwd === null) return;
  const text = await linkOut({ cwd, configuration, workspaces: [{ cwd }] }, guards);
  if (text === undefined) return;
  throw Object.assign(guards.refusal(text), { message: text, clipanion: { type: 'none' } });
}

/** Why nothing may be installed, and what to do; undefined if Yarn writes only into the project. */
async function linkOut(project: WrittenProject, guards: Guards): Promise<string | undefined> {
  const { isWithin, mayBePlanted, projectRoot, projectLink, realOrSame } = await guards.core();
  const root = npath.fromPortablePath(project.cwd);
  const written = [...writtenPaths(project)];
  // A project may share folders with others of its repository.
  const outer = projectRoot(realOrSame(root));
  const allowed = [root, outer, npath.join(homedir(), '.yarn', 'berry')];
  for (const { setting, path } of written) {
    const file = foreignFile(project.configuration, setting);
    const isOfRepository =
      file !== undefined &&
      ([root, outer].some((folder) => isWithin(folder, file)) ||
        mayBePlanted(npath.dirname(file), root));
    if (!isOfRepository) continue;
    if (allowed.some((folder) => isWithin(folder, path))) continue;
    return nothingInstalled(
      setting,
      `${setting} in a .yarnrc.yml of the repository has Yarn write to ${JSON.stringify(path)}, outside the project`,
      `take ${setting} out of that file, or set it in your own ~/.yarnrc.yml`,
    ).block;
  }
  const inProject = written
    .map(({ path }) => relative(root, path))
    .filter((path) => path !== '' && !path.startsWith('..') && !isAbsolute(path));
  const link = projectLink({
    root,
    folders: project.workspaces.map(({ cwd }) => npath.fromPortablePath(cwd)),
    // Plug'n'Play writes nothing to node_modules.
    ...(project.configuration.get('nodeLinker') === 'pnp' && { modules: [] }),
    files: [...FILES, ...inProject],
  });
  return link && nothingInstalled(link.name, link.problem, link.remedy).block;
}

function* writtenPaths({ cwd, configuration }: WrittenProject): Generator<WrittenPath> {
  // Each version of Yarn has only some of these settings.
  const values = configuration.values as ReadonlyMap<string, unknown>;
  const named = values.get('lockfileFilename');
  const lockfile = typeof named === 'string' ? named : 'yarn.lock';
  const paths = new Map<string, unknown>([
    ['lockfileFilename', ppath.resolve(cwd, lockfile as PortablePath)],
    ...WRITTEN_BY_SETTING.map((setting) => [setting, values.get(setting)] as const),
  ]);
  for (const [setting, value] of paths) {
    if (typeof value !== 'string') continue;
    const path = npath.fromPortablePath(value as PortablePath);
    yield { setting, path };
    if (setting === 'cacheFolder') yield { setting, path: npath.join(path, '.gitignore') };
  }
}
