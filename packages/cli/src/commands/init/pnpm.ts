import { planPnpmfiles, planPnpmfilesUndo } from './pnpmfiles.ts';
import { changesOf, NOTHING, type ProjectFiles, type SetUpPlan, sha512 } from './project-files.ts';

const FOLDER = '.tarwarden';
/** A list of our files in the folder, in the form of sha512sum. With it, they can be replaced and removed. */
const SUMS = `${FOLDER}/SHA512SUMS`;
const ENTRY = `${FOLDER}/pnpmfile.cjs`;
const PAGE = 'docs/managers/pnpm.md';

/** Names that a list of sums may contain. The list came with the repository, so its names must not lead elsewhere. */
const LISTED = /^([0-9a-f]{128}) [ *]((?:dist\/)?[\w-][\w.-]*|\.gitattributes|\.gitignore)$/;
/** The most files of a hook, with room to spare. */
const MAX_LISTED = 32;

/** Files of the hook by their names below `dist`. */
export type HookFiles = ReadonlyMap<string, Buffer>;

/** Puts the hook into the repository. The project's pnpmfiles load it. */
export function planPnpm(files: ProjectFiles, hook: HookFiles): SetUpPlan {
  const wanted = wantedFiles(hook);
  const sums = files.readText(SUMS);
  const listed = sums === undefined ? new Map<string, string>() : listedIn(sums);
  if (listed === undefined)
    return byHand(`${SUMS} is not what init wrote: remove ${FOLDER}, and run this again`);
  const found = new Map(
    [...new Set([...wanted.keys(), ...listed.keys()])].map((path) => [path, files.read(path)]),
  );
  const foreign = [...found].find(
    ([path, bytes]) =>
      bytes !== undefined &&
      wanted.get(path)?.equals(bytes) !== true &&
      listed.get(path) !== sha512(bytes),
  );
  if (foreign !== undefined)
    return byHand(
      `${foreign[0]} is there and is not what init wrote: look at what it is, remove ${FOLDER}, and run this again; or upgrade by hand: ${PAGE}`,
    );
  const pnpmfiles = planPnpmfiles(files);
  const isComplete = [...wanted].every(([path, bytes]) => found.get(path)?.equals(bytes) === true);
  const loading = pnpmfiles.find(({ state }) => state === 'ours');
  if (loading !== undefined && sums === undefined && !isComplete)
    return byHand(
      `${loading.path} loads a hook that is not there: remove its line that names ${ENTRY}, and run this again`,
    );
  const committed = [
    ...wanted.keys(),
    ...pnpmfiles.flatMap(({ path, loads = [] }) => [path, ...loads]),
  ];
  const foreignLines = pnpmfiles.find(({ state }) => state === 'by-hand');
  const loadAll = pnpmfiles.every(({ state }) => state === 'ours' || state === 'by-hand');
  if (isComplete && loadAll && (sums === undefined || foreignLines !== undefined))
    return {
      ...NOTHING,
      kept: [`${(foreignLines ?? loading)?.path} loads ${ENTRY}, which was set up by hand`],
      committed,
    };
  const changes = changesOf([
    ...[...found].map(([path, before]) => ({ path, before, after: wanted.get(path) })),
    { path: SUMS, before: files.read(SUMS), after: sumsOf(wanted) },
    ...pnpmfiles.flatMap((plan) => plan.changes),
  ]);
  const paths = pnpmfiles.map(({ path }) => path).join(' and ');
  return {
    changes,
    kept: changes.length === 0 ? [`${paths} loads the hook in ${FOLDER}`] : [],
    byHand: pnpmfiles.flatMap((plan) => plan.byHand),
    committed: [...committed, SUMS],
  };
}

/** Removes what {@link planPnpm} wrote. */
export function planPnpmUndo(files: ProjectFiles): SetUpPlan {
  const sums = files.readText(SUMS);
  if (sums === undefined)
    return files.read(ENTRY) === undefined
      ? NOTHING
      : byHand(`${FOLDER} was not written by init. How to undo it by hand: ${PAGE}`);
  const listed = listedIn(sums);
  const found = new Map([...(listed?.keys() ?? [])].map((path) => [path, files.read(path)]));
  const changed = [...found].find(
    ([path, bytes]) => bytes !== undefined && listed?.get(path) !== sha512(bytes),
  );
  if (listed === undefined || changed !== undefined)
    return byHand(
      `${changed?.[0] ?? SUMS} was changed since init wrote it; nothing is undone. How to undo it by hand: ${PAGE}`,
    );
  const pnpmfiles = planPnpmfilesUndo(files);
  const blocked = pnpmfiles.filter(({ state }) => state !== 'ours');
  if (blocked.length > 0) return byHand(...blocked.flatMap((plan) => plan.byHand));
  return {
    ...NOTHING,
    changes: changesOf([
      // pnpm looks for the hook as long as a pnpmfile loads it.
      ...pnpmfiles.flatMap((plan) => plan.changes),
      ...[...found].map(([copy, before]) => ({ path: copy, before, after: undefined })),
      { path: SUMS, before: files.read(SUMS), after: undefined },
    ]),
    byHand: pnpmfiles.flatMap((plan) => plan.byHand),
  };
}

/** Some repositories ignore every `dist`, or have git change line ends. These files prevent that for the hook. */
const BESIDE: Readonly<Record<string, string>> = {
  '.gitattributes': '* -text\n',
  '.gitignore': '!*\n',
  'pnpmfile.cjs': "module.exports = require('./dist/index.cjs')\n",
};

function wantedFiles(hook: HookFiles): Map<string, Buffer> {
  const built = [...hook].map(([name, bytes]) => [`dist/${name}`, bytes] as const);
  const beside = Object.entries(BESIDE).map(([name, text]) => [name, Buffer.from(text)] as const);
  return new Map([...built, ...beside].map(([name, bytes]) => [`${FOLDER}/${name}`, bytes]));
}

function sumsOf(wanted: ReadonlyMap<string, Buffer>): Buffer {
  const lines = [...wanted].map(
    ([path, bytes]) => `${sha512(bytes)}  ${path.slice(FOLDER.length + 1)}\n`,
  );
  return Buffer.from(lines.join(''));
}

/** Sums by path. Undefined if the list was not written by init. */
function listedIn(text: string | null): Map<string, string> | undefined {
  const lines = text?.split(/\r?\n/).filter((line) => line !== '') ?? [];
  const matches = lines.map((line) => LISTED.exec(line));
  if (lines.length === 0 || lines.length > MAX_LISTED || matches.includes(null)) return undefined;
  return new Map(matches.map((match) => [`${FOLDER}/${match![2]}`, match![1]!]));
}

function byHand(...lines: readonly string[]): SetUpPlan {
  return { ...NOTHING, byHand: lines };
}
