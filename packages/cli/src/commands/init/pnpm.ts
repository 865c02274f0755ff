import {
  changesOf,
  type FileChange,
  NOTHING,
  type ProjectFiles,
  type SetUpPlan,
  sha512,
} from './project-files.ts';

const FOLDER = '.tarwarden';
/** A list of our files in the folder, in the form of sha512sum. With it, they can be replaced and removed. */
const SUMS = `${FOLDER}/SHA512SUMS`;
const ENTRY = `${FOLDER}/pnpmfile.cjs`;
const PNPMFILE = '.pnpmfile.cjs';
const OTHER_PNPMFILE = '.pnpmfile.mjs';
const PAGE = 'docs/managers/pnpm.md';

const HAND_ON = "module.exports = require('./.tarwarden/pnpmfile.cjs')\n";

/** Names that a list of sums may contain. The list came with the repository, so its names must not lead elsewhere. */
const LISTED = /^([0-9a-f]{128}) [ *]((?:dist\/)?[\w-][\w.-]*|\.gitattributes|\.gitignore)$/;
/** The most files of a hook, with room to spare. */
const MAX_LISTED = 32;

/** Files of the hook by their names below `dist`. */
export type HookFiles = ReadonlyMap<string, Buffer>;

/** Puts the hook into the repository. The project's pnpmfile hands it on. */
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
  const pnpmfile = pnpmfileOf(files);
  const isComplete = [...wanted].every(([path, bytes]) => found.get(path)?.equals(bytes) === true);
  const isOurs = pnpmfile.byHand.length === 0;
  if (pnpmfile.isThere && isOurs && sums === undefined && !isComplete)
    return byHand(`${PNPMFILE} hands on a hook that is not there: remove it, and run this again`);
  if (isComplete && pnpmfile.handsOn && (sums === undefined ? pnpmfile.isThere : !isOurs))
    return { ...NOTHING, kept: [`${pnpmfile.path} names ${ENTRY}, by hand`] };
  const changes = changesOf([
    ...[...found].map(([path, before]) => ({ path, before, after: wanted.get(path) })),
    { path: SUMS, before: files.read(SUMS), after: sumsOf(wanted) },
    ...pnpmfile.changes,
  ]);
  return {
    changes,
    kept: changes.length === 0 ? [`${PNPMFILE} hands on the hook in ${FOLDER}`] : [],
    byHand: pnpmfile.handsOn ? [] : pnpmfile.byHand,
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
  const { handsOn, path } = pnpmfileOf(files);
  const text = files.readText(PNPMFILE);
  const isOurs = text === HAND_ON;
  if (handsOn && !isOurs)
    return byHand(
      `${path} has other lines than init wrote, and loads the hook: take it out there, and run this again`,
    );
  return {
    ...NOTHING,
    changes: changesOf([
      // pnpm looks for the hook as long as the pnpmfile hands it on.
      ...(isOurs ? [{ path: PNPMFILE, before: Buffer.from(text), after: undefined }] : []),
      ...[...found].map(([copy, before]) => ({ path: copy, before, after: undefined })),
      { path: SUMS, before: files.read(SUMS), after: undefined },
    ]),
  };
}

interface Pnpmfile {
  readonly path: string;
  readonly isThere: boolean;
  /** Whether the pnpmfile seems to hand on the hook. `verify` shows whether it does. */
  readonly handsOn: boolean;
  readonly changes: readonly FileChange[];
  readonly byHand: readonly string[];
}

/** The pnpmfile that pnpm loads. A pnpmfile of the project is code, and is not changed. */
function pnpmfileOf(files: ProjectFiles): Pnpmfile {
  const module = files.readText(OTHER_PNPMFILE);
  const common = files.readText(PNPMFILE);
  const [path, text] =
    module === undefined ? ([PNPMFILE, common] as const) : ([OTHER_PNPMFILE, module] as const);
  if (text === undefined)
    return {
      path,
      isThere: false,
      handsOn: true,
      changes: [{ path, before: undefined, after: Buffer.from(HAND_ON) }],
      byHand: [],
    };
  if (text === HAND_ON) return { path, isThere: true, handsOn: true, changes: [], byHand: [] };
  return {
    path,
    isThere: true,
    handsOn: text?.includes(`./${ENTRY}`) === true,
    changes: [],
    byHand: [
      `${path} has hooks of its own, and is left as it is: add those of ./${ENTRY} to them by hand (${PAGE})`,
    ],
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
