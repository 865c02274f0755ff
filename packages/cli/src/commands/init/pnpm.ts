/*
 * Puts the hook into the folder .tarwarden of a project of pnpm, and a line into its .pnpmfile.cjs that loads the hook. If the file has
 * hooks of its own, it keeps them: `compose` of the hook calls both.
 */
import { createHash } from 'node:crypto';
import { byHand, NOTHING, type ProjectFiles, type SetUpPlan, sha512 } from './project-files.ts';
import { realChanges, withoutLines, type FileChange } from '../../edit/file-changes.ts';

const FOLDER = '.tarwarden';
/** A list of our files in the folder, in the form of sha512sum. With it, they can be replaced and removed. */
const SUMS = `${FOLDER}/SHA512SUMS`;
const ENTRY = `${FOLDER}/pnpmfile.cjs`;
const PAGE = 'docs/managers/pnpm.md';
const PNPMFILE = '.pnpmfile.cjs';
/** pnpm 11 and 12 read this file instead of the other, if it is there. The exports of a module cannot be replaced from inside. */
const MODULE = '.pnpmfile.mjs';
const LOCKFILE = 'pnpm-lock.yaml';

/** The whole pnpmfile of a project without hooks of its own. */
const ALONE = `module.exports = require('./${ENTRY}')\n`;
/** The line at the end of a pnpmfile with hooks of its own. */
const COMPOSED = `module.exports = require('./${ENTRY}').compose(module.exports)`;
const COMPOSED_LINE = new RegExp(
  `^${COMPOSED.replaceAll(/[.()]/g, String.raw`\$&`)}(?:\\r?\\n|$)`,
  'gm',
);

/** Names that a list of sums may contain. The list came with the repository, so its names must not lead elsewhere. */
const LISTED = /^([0-9a-f]{128}) [ *]((?:dist\/)?[\w-][\w.-]*|\.gitattributes|\.gitignore)$/;
/** The most files of a hook, with room to spare. */
const MAX_LISTED = 32;

/** Files of the hook by their names below `dist`. */
export type HookFiles = ReadonlyMap<string, Buffer>;

/** Puts the hook into the repository. The project's pnpmfile loads it. */
export function planPnpm(files: ProjectFiles, hook: HookFiles): SetUpPlan {
  const hookFiles = wantedFiles(hook);
  const sums = files.readText(SUMS);
  const listedSums = sums === undefined ? new Map<string, string>() : listedIn(sums);
  if (listedSums === undefined)
    return byHand(`${SUMS} is not what init wrote: remove ${FOLDER}, and run this again`);
  const copies = [...new Set([...hookFiles.keys(), ...listedSums.keys()])].map((path) =>
    files.change(path, hookFiles.get(path)),
  );
  const foreign = copies.find(
    ({ path, before, after }) =>
      before !== undefined &&
      after?.equals(before) !== true &&
      listedSums.get(path) !== sha512(before),
  );
  if (foreign !== undefined)
    return byHand(
      `${foreign.path} is there and is not what init wrote: look at what it is, remove ${FOLDER}, and run this again; or upgrade by hand: ${PAGE}`,
    );
  const pnpmfile = planPnpmfile(files);
  const isComplete = realChanges(copies).length === 0;
  if (pnpmfile.state === 'ours' && sums === undefined && !isComplete)
    return byHand(
      `${PNPMFILE} loads a hook that is not there: remove its line that names ${ENTRY}, and run this again`,
    );
  const committed = [...hookFiles.keys(), PNPMFILE];
  const isManual =
    pnpmfile.state === 'by-hand' || (pnpmfile.state === 'ours' && sums === undefined);
  if (isComplete && isManual)
    return {
      ...NOTHING,
      kept: [`${PNPMFILE} loads ${ENTRY}, which was set up by hand`],
      byHand: pnpmfile.byHand,
      committed,
    };
  const changes = realChanges([
    ...copies,
    files.change(SUMS, sumsOf(hookFiles)),
    ...pnpmfile.changes,
  ]);
  return {
    changes,
    kept: changes.length === 0 ? [`${PNPMFILE} loads the hook in ${FOLDER}`] : [],
    byHand: pnpmfile.byHand,
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
  const listedSums = listedIn(sums);
  const copies = [...(listedSums?.keys() ?? [])].map((path) => files.change(path, undefined));
  const changed = copies.find(
    ({ path, before }) => before !== undefined && listedSums?.get(path) !== sha512(before),
  );
  if (listedSums === undefined || changed !== undefined)
    return byHand(
      `${changed?.path ?? SUMS} was changed since init wrote it; nothing is undone. How to undo it by hand: ${PAGE}`,
    );
  const text = files.readText(PNPMFILE) ?? '';
  const remainingText = text === ALONE ? undefined : (withoutLine(text) ?? text);
  if (remainingText?.includes(ENTRY) === true)
    return byHand(
      `${PNPMFILE} loads the hook by lines that init did not write: take them out, and run this again`,
    );
  return {
    ...NOTHING,
    // pnpm looks for the hook as long as a pnpmfile loads it.
    changes: realChanges([
      ...(remainingText === text ? [] : [pnpmfileChange(files, remainingText)]),
      ...copies,
      files.change(SUMS, undefined),
    ]),
    byHand:
      remainingText === undefined || remainingText === text
        ? []
        : staleLockfile(files, remainingText),
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

function sumsOf(hookFiles: ReadonlyMap<string, Buffer>): Buffer {
  const lines = [...hookFiles].map(
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

interface PnpmfilePlan {
  /**
   * `new`: init makes it load the hook. `ours`: it loads the hook, by lines that init wrote. `by-hand`: it seems to load the hook, by
   * other lines; `verify` shows whether it does. `cannot`: init cannot change it.
   */
  readonly state: 'new' | 'ours' | 'by-hand' | 'cannot';
  readonly changes: readonly FileChange[];
  /** Steps for the user. */
  readonly byHand: readonly string[];
}

function planPnpmfile(files: ProjectFiles): PnpmfilePlan {
  const moduleText = files.readText(MODULE);
  const inModule =
    moduleText === undefined || moduleText?.includes(ENTRY) === true
      ? []
      : [
          `pnpm 11 and 12 read ${MODULE} in place of ${PNPMFILE}: load the hook there by hand (${PAGE})`,
        ];
  const text = files.readText(PNPMFILE);
  if (text === undefined)
    return { state: 'new', changes: [pnpmfileChange(files, ALONE)], byHand: inModule };
  if (text !== null && (text === ALONE || withoutLine(text) !== undefined))
    return { state: 'ours', changes: [], byHand: [...inModule, ...staleLockfile(files, text)] };
  if (text?.includes(ENTRY) === true) return { state: 'by-hand', changes: [], byHand: inModule };
  const composed = text === null ? undefined : withLine(text);
  if (composed === undefined) {
    const step = `${PNPMFILE} is left as it is: init cannot add a line to it that could be taken out again. Add the hooks of ./${ENTRY} to it by hand (${PAGE})`;
    return { state: 'cannot', changes: [], byHand: [step, ...inModule] };
  }
  return {
    state: 'new',
    changes: [pnpmfileChange(files, composed)],
    byHand: [...inModule, ...staleLockfile(files, composed)],
  };
}

function pnpmfileChange(files: ProjectFiles, after: string | undefined): FileChange {
  return files.change(PNPMFILE, after === undefined ? undefined : Buffer.from(after));
}

/** The text with our line at its end. Undefined if taking the line out would not give the text back. */
function withLine(text: string): string | undefined {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const whole = text === '' || text.endsWith('\n');
  const composed = whole ? `${text}${COMPOSED}${end}` : `${text}${end}${COMPOSED}`;
  return withoutLine(composed) === text ? composed : undefined;
}

/** The text without our line. Undefined if the line is not there, or is there several times. */
function withoutLine(text: string): string | undefined {
  const [line, ...otherLines] = [...text.matchAll(COMPOSED_LINE)];
  if (line === undefined || otherLines.length > 0) return undefined;
  return withoutLines(text, line.index, line.index + line[0].length);
}

/**
 * pnpm writes the checksum of a pnpmfile with hooks into its lockfile, and `--frozen-lockfile` fails while another checksum is there.
 * Only an install of pnpm writes lockfiles, so the user has to run one.
 */
function staleLockfile(files: ProjectFiles, after: string): string[] {
  const lockfile = files.readText(LOCKFILE) ?? '';
  const notedChecksum = /^pnpmfileChecksum: ['"]?(sha256-[\w+/=]+)/m.exec(lockfile)?.[1];
  if (notedChecksum === undefined || notedChecksum === checksum(after)) return [];
  return [
    `${LOCKFILE} has another checksum of ${PNPMFILE}, so that frozen installs fail: run "pnpm install --no-frozen-lockfile", and commit ${LOCKFILE} as well`,
  ];
}

/** The checksum that pnpm 10, 11 and 12 compute if the project has one pnpmfile. */
function checksum(text: string): string {
  const normal = text.replaceAll('\r\n', '\n');
  return `sha256-${createHash('sha256').update(normal).digest('base64')}`;
}
