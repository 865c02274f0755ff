/*
 * The pnpmfiles of a project, and the lines in them that load the hook. pnpm 10 reads .pnpmfile.cjs; pnpm 11 and 12 read
 * .pnpmfile.mjs if there is one. A pnpmfile with hooks of its own keeps them: `compose` of the hook calls both.
 */
import { createHash } from 'node:crypto';
import { withoutLines } from '../../edit/yaml-text.ts';
import type { FileChange, ProjectFiles } from './project-files.ts';

const COMMON = '.pnpmfile.cjs';
const MODULE = '.pnpmfile.mjs';
/** The project's own hooks, if its pnpmfile was an ES module. The exports of such a module cannot be replaced from inside. */
const MOVED = '.pnpmfile.own.mjs';
const LOCKFILE = 'pnpm-lock.yaml';
const REQUEST = './.tarwarden/pnpmfile.cjs';
const PAGE = 'docs/managers/pnpm.md';

/** The whole pnpmfile of a project without hooks of its own. */
const ALONE = `module.exports = require('${REQUEST}')\n`;
/** The line at the end of a pnpmfile with hooks of its own. */
const COMPOSED = `module.exports = require('${REQUEST}').compose(module.exports)`;
const COMPOSED_LINE = new RegExp(
  `^${COMPOSED.replaceAll(/[.()]/g, String.raw`\$&`)}(?:\\r?\\n|$)`,
  'gm',
);
const MODULE_TEXT = `import { createRequire } from 'node:module';
import * as own from './${MOVED}';

const { compose } = createRequire(import.meta.url)('${REQUEST}');
export const { hooks, fetchers, finders, resolvers } = compose(own);
`;

/** A pnpmfile, and what init would change. */
export interface PnpmfilePlan {
  readonly path: string;
  /** Files that it loads, and that init wrote. */
  readonly loads?: readonly string[];
  /**
   * `new`: init makes it load the hook. `ours`: it loads the hook, by lines that init wrote. `by-hand`: it seems to load the hook, by
   * other lines; `verify` shows whether it does. `cannot`: init cannot change it.
   */
  readonly state: 'new' | 'ours' | 'by-hand' | 'cannot';
  readonly changes: readonly FileChange[];
  /** Steps for the user. */
  readonly byHand: readonly string[];
}

/** Has every pnpmfile of the project load the hook. */
export function planPnpmfiles(files: ProjectFiles): readonly PnpmfilePlan[] {
  const plans = [planCommon(files)];
  if (files.read(MODULE) !== undefined) plans.push(planModule(files));
  return plans;
}

/** Removes the lines that {@link planPnpmfiles} wrote. */
export function planPnpmfilesUndo(files: ProjectFiles): readonly PnpmfilePlan[] {
  return [undoCommon(files), undoModule(files)].filter((plan) => plan !== undefined);
}

function planCommon(files: ProjectFiles): PnpmfilePlan {
  const text = files.readText(COMMON);
  if (text === undefined)
    return {
      path: COMMON,
      state: 'new',
      changes: [{ path: COMMON, before: undefined, after: Buffer.from(ALONE) }],
      byHand: [],
    };
  if (text !== null && (text === ALONE || withoutLine(text) !== undefined))
    return { path: COMMON, state: 'ours', changes: [], byHand: staleLockfile(files, COMMON, text) };
  if (text?.includes(REQUEST) === true)
    return { path: COMMON, state: 'by-hand', changes: [], byHand: [] };
  const composed = text === null ? undefined : withLine(text);
  if (text === null || composed === undefined)
    return cannot(COMMON, 'init cannot add a line to it that could be taken out again');
  return {
    path: COMMON,
    state: 'new',
    changes: [change(COMMON, text, composed)],
    byHand: staleLockfile(files, COMMON, composed),
  };
}

function planModule(files: ProjectFiles): PnpmfilePlan {
  const text = files.readText(MODULE);
  const moved = files.read(MOVED);
  if (text === MODULE_TEXT)
    return moved === undefined
      ? cannot(MODULE, `it loads ${MOVED}, which is not there`)
      : { path: MODULE, loads: [MOVED], state: 'ours', changes: [], byHand: [] };
  if (text?.includes(REQUEST) === true)
    return { path: MODULE, state: 'by-hand', changes: [], byHand: [] };
  const before = files.read(MODULE);
  // An interrupted run has copied it already.
  if (moved !== undefined && before?.equals(moved) !== true)
    return cannot(MODULE, `${MOVED} is there already`);
  return {
    path: MODULE,
    loads: [MOVED],
    state: 'new',
    changes: [
      { path: MOVED, before: moved, after: before },
      { path: MODULE, before, after: Buffer.from(MODULE_TEXT) },
    ],
    byHand: staleLockfile(files, MODULE, MODULE_TEXT),
  };
}

function undoCommon(files: ProjectFiles): PnpmfilePlan | undefined {
  const text = files.readText(COMMON) ?? '';
  if (!text.includes(REQUEST)) return undefined;
  const own = text === ALONE ? undefined : withoutLine(text);
  if (text !== ALONE && own === undefined) return otherLines(COMMON);
  return {
    path: COMMON,
    state: 'ours',
    changes: [change(COMMON, text, own)],
    byHand: own === undefined ? [] : staleLockfile(files, COMMON, own),
  };
}

function undoModule(files: ProjectFiles): PnpmfilePlan | undefined {
  const text = files.readText(MODULE) ?? '';
  const moved = files.read(MOVED);
  const remove = { path: MOVED, before: moved, after: undefined };
  // An interrupted run has put the project's own hooks back.
  if (moved !== undefined && files.read(MODULE)?.equals(moved) === true)
    return { path: MODULE, state: 'ours', changes: [remove], byHand: [] };
  if (!text.includes(REQUEST)) return undefined;
  if (text !== MODULE_TEXT) return otherLines(MODULE);
  if (moved === undefined) return cannot(MODULE, `it loads ${MOVED}, which is not there`);
  return {
    path: MODULE,
    state: 'ours',
    changes: [{ path: MODULE, before: Buffer.from(text), after: moved }, remove],
    byHand: staleLockfile(files, MODULE, moved.toString()),
  };
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
  const [line, ...others] = [...text.matchAll(COMPOSED_LINE)];
  if (line === undefined || others.length > 0) return undefined;
  return withoutLines(text, line.index, line.index + line[0].length);
}

/**
 * pnpm writes the checksum of a pnpmfile with hooks into its lockfile, and `--frozen-lockfile` fails while another checksum is there.
 * Only an install of pnpm writes lockfiles, so the user has to run one.
 */
function staleLockfile(files: ProjectFiles, path: string, after: string): string[] {
  const lockfile = files.readText(LOCKFILE) ?? '';
  const noted = /^pnpmfileChecksum: ['"]?(sha256-[\w+/=]+)/m.exec(lockfile)?.[1];
  if (noted === undefined || noted === checksum(after)) return [];
  return [
    `${LOCKFILE} has another checksum of ${path}, so that frozen installs fail: run "pnpm install --no-frozen-lockfile", and commit ${LOCKFILE} as well`,
  ];
}

/** The checksum that pnpm 10, 11 and 12 compute if the project has one pnpmfile. */
function checksum(text: string): string {
  const normal = text.replaceAll('\r\n', '\n');
  return `sha256-${createHash('sha256').update(normal).digest('base64')}`;
}

function change(path: string, before: string, after: string | undefined): FileChange {
  return {
    path,
    before: Buffer.from(before),
    after: after === undefined ? undefined : Buffer.from(after),
  };
}

function cannot(path: string, why: string): PnpmfilePlan {
  return {
    path,
    state: 'cannot',
    changes: [],
    byHand: [
      `${path} is left as it is: ${why}. Add the hooks of ${REQUEST} to it by hand (${PAGE})`,
    ],
  };
}

function otherLines(path: string): PnpmfilePlan {
  return {
    path,
    state: 'by-hand',
    changes: [],
    byHand: [
      `${path} loads the hook by lines that init did not write: take them out, and run this again`,
    ],
  };
}
