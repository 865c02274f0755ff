import { join } from 'node:path';
import { asRecord } from '../files.ts';
import type { SettingValues } from '../layer.ts';
import { settingsFile, wholeFile, type FoundFile } from '../strangers.ts';
import type { ClientContext } from '../where.ts';
import { bunfigTables } from './bunfig.ts';
import { BUNFIG } from './layers.ts';
import { bunNpmrcValues } from './npmrc.ts';
import { bunRoot } from './manifest.ts';

/** Tables and settings of a bunfig.toml that name neither code nor a registry nor a folder, and switch no check off. */
const HARMLESS: ReadonlySet<string> = new Set(
  (
    'logLevel telemetry smol console jsx jsxFactory jsxFragment jsxImportSource ' +
    'install.exact install.production install.optional install.dev install.peer install.dryRun install.saveTextLockfile ' +
    'install.concurrentScripts install.prefer install.linker install.hoistPattern install.publicHoistPattern install.logLevel ' +
    'install.linkWorkspacePackages install.frozenLockfile run.silent run.elide-lines run.noOrphans'
  ).split(' '),
);

/** Settings of an .npmrc that change more for bun than the layout of packages. */
const DECIDES_IN_NPMRC = /^(?:registry|@[^:]*:registry|\/\/.*|ca|cafile|cache|cache-disabled)$/;

/**
 * Files that bun would read in the folder, or for the project that it is in.
 * @throws an Error if a package.json on the way cannot be read.
 */
export function bunFoundFiles({ folder }: ClientContext): readonly FoundFile[] {
  return [...new Set([bunRoot(folder), folder])].flatMap((root) => [
    wholeFile(join(root, 'package.json'), 'dependencies', 'scripts'),
    settingsFile(join(root, BUNFIG), bunfigNames, (name) => !HARMLESS.has(name)),
    settingsFile(
      join(root, '.npmrc'),
      (text) => bunNpmrcValues(text, {}),
      (name) => DECIDES_IN_NPMRC.test(name),
    ),
  ]);
}

/** The settings of a bunfig.toml by the names that the list has. */
function bunfigNames(text: string): SettingValues {
  const names = Object.entries(bunfigTables(text)).flatMap(([name, value]) =>
    name === 'install' || name === 'run'
      ? Object.keys(asRecord(value)).map((key) => `${name}.${key}`)
      : [name],
  );
  return new Map(names.map((name) => [name, true]));
}
