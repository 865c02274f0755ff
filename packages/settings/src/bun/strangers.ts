/* Files of another user that bun would take for the project's. */
import { join } from 'node:path';
import { asRecord, readText } from '../files.ts';
import { problemOfSettingsFile } from '../found-files.ts';
import type { Where } from '../where.ts';
import { bunfigTables } from './bunfig.ts';
import { BUNFIG } from './layers.ts';
import { bunNpmrcValues } from './npmrc.ts';
import { bunRoot } from './project.ts';

/** Tables and settings of a bunfig.toml by which it names neither code nor a registry nor a folder, and switches no check off. */
const HARMLESS: ReadonlySet<string> = new Set(
  (
    'logLevel telemetry smol console jsx jsxFactory jsxFragment jsxImportSource ' +
    'install.exact install.production install.optional install.dev install.peer install.dryRun install.saveTextLockfile ' +
    'install.concurrentScripts install.prefer install.linker install.hoistPattern install.publicHoistPattern install.logLevel ' +
    'install.linkWorkspacePackages install.frozenLockfile run.silent run.elide-lines run.noOrphans'
  ).split(' '),
);

/** What bun takes from an .npmrc beside settings of how packages are laid out and saved. */
const DECIDES_IN_NPMRC = /^(?:registry|@[^:]*:registry|\/\/.*|ca|cafile|cache|cache-disabled)$/;

/** A file that another user can write, and that decides what is installed. */
export interface StrangersFile {
  /** Which file it is, and whose, as a clause that is safe for a terminal. */
  readonly problem: string;
  /** What bun would take from it. */
  readonly settings: readonly string[];
}

/**
 * The first such file that bun would read in this folder, or for the project that it is in.
 * @throws an Error if a package.json on the way cannot be read.
 */
export function strangersBunFile(where: Where): StrangersFile | undefined {
  for (const folder of new Set([bunRoot(where.folder), where.folder]))
    for (const [name, settingsIn] of FILES) {
      const file = join(folder, name);
      const problem = problemOfSettingsFile(file, where);
      const read = problem === undefined ? undefined : readText(file);
      if (problem === undefined || read === undefined) continue;
      const settings =
        'unreadable' in read ? [UNREADABLE] : settingsOrUnreadable(settingsIn, read.text);
      if (settings.length > 0) return { problem, settings };
    }
  return undefined;
}

const UNREADABLE = 'settings that tarwarden cannot read';

const FILES: readonly (readonly [string, (text: string) => readonly string[]])[] = [
  ['package.json', () => ['dependencies and scripts']],
  [BUNFIG, deciding],
  [
    '.npmrc',
    (text) =>
      [...bunNpmrcValues(text, {}).values.keys()].filter((name) => DECIDES_IN_NPMRC.test(name)),
  ],
];

/** The settings of a bunfig.toml that count: all that are not known to be harmless. */
function deciding(text: string): readonly string[] {
  const names = Object.entries(bunfigTables(text)).flatMap(([name, value]) =>
    name === 'install' || name === 'run'
      ? Object.keys(asRecord(value)).map((key) => `${name}.${key}`)
      : [name],
  );
  return names.filter((name) => !HARMLESS.has(name));
}

function settingsOrUnreadable(
  settingsIn: (text: string) => readonly string[],
  text: string,
): readonly string[] {
  try {
    return settingsIn(text);
  } catch {
    return [UNREADABLE];
  }
}
