import { quote } from '../../../../text/printable.ts';
import type { MetadataRule, EntryRule } from '../../../../rules/rule.ts';
import { isRecord } from '../../../../metadata/manifest.ts';
import { INSTALL_SCRIPTS, plainVersion } from '../../../../metadata/npm-declared.ts';
import { Typeflag, Trait } from '../../../../containers/entry.ts';
import { advice, withCodes, STOPS } from '../../../../rules/table-rows.ts';
import { insideModules, isNamed } from '../../../../tree/modules-folders.ts';
import { foldedComponents } from '../../../../tree/package-path.ts';
import { checkManifest } from './check-manifest.ts';
import { manifestDuplicateKey, manifestAmbiguousField } from './manifest-ambiguous.ts';
import {
  manifestUnsafeName,
  binEscapes,
  manEscapes,
  shrinkwrapEscapes,
  directoriesEscape,
} from './manifest-escapes.ts';

const mismatch = withCodes({
  id: 'manifest-mismatch',
  level: 'error',
  summary: 'package.json has another name or version than the package that was asked for',
  advice: advice(
    'Do not install it: you get another package than the one that you asked for, or another version, perhaps an old one with a known vulnerability. Compare the sha512 with the one on the public registry, and look at your proxy and cache.',
    'Publish under the name and the version in package.json.',
  ),
});

/** A check of the name or the version in package.json. */
function differs(
  field: 'name' | 'version',
  plain: (text: string) => string,
): Pick<MetadataRule, 'kind' | 'check'> {
  return checkManifest(({ manifest, expected }, report) => {
    const [manifestValue, requested] = [manifest[field], expected[field]];
    if (requested === undefined) return;
    if (manifestValue === undefined) report(`no ${field} instead of ${quote(requested)}`);
    else if (plain(manifestValue) !== plain(requested))
      report(`${quote(manifestValue)} instead of ${quote(requested)}`);
  });
}

const unreadable = withCodes({
  id: 'manifest-unreadable',
  level: 'error',
  summary: 'The archive has no package.json that can be read',
  advice: advice(
    'Do not install it: its identity, scripts and dependencies cannot be checked, and npm and pnpm believe the registry instead.',
    'Pack from the folder that holds package.json, and check the file with `node -p "require(\'./package.json\')"`.',
  ),
});

/** State files of npm, pnpm and Yarn about installed packages, by their path in a `node_modules` that the manager reads. */
const IN_NODE_MODULES: readonly (readonly string[])[] = [
  ['.package-lock.json'],
  ['.modules.yaml'],
  ['.pnpm', 'lock.yaml'],
  ['.pnpm-workspace-state.json'],
  ['.pnpm-workspace-state-v1.json'],
  ['.yarn-state.yml'],
  ['.yarn-integrity'],
];
// Plug'n'Play's loader and its data.
const ANYWHERE = ['.pnp.cjs', '.pnp.js', '.pnp.data.json', '.pnp.loader.mjs'];

function isPlanted(path: string): boolean {
  const name = foldedComponents(path).at(-1);
  if (ANYWHERE.some((trusted) => isNamed(name, trusted))) return true;
  for (const inside of insideModules(path)) {
    if (IN_NODE_MODULES.some((state) => isPath(inside, state))) return true;
  }
  return false;
}

function isPath(components: readonly string[], path: readonly string[]): boolean {
  return (
    components.length === path.length && path.every((name, at) => isNamed(components[at], name))
  );
}

/**
 * Whether run-script puts the folder on PATH: the package's own folder of commands, or that of a bundled dependency. A folder in a
 * fixture or a template is never on PATH (ember-cli has such).
 */
function isCommandFolder(path: string): boolean {
  for (const [folder] of insideModules(path)) if (isNamed(folder, '.bin')) return true;
  return false;
}

export const npmPackageRules: readonly (EntryRule | MetadataRule)[] = [
  {
    kind: 'entry',
    id: 'planted-node-modules-bin',
    level: 'error',
    summary: 'The entry plants a command in node_modules/.bin, which scripts run by name',
    advice: advice(
      'Do not install it: the planted command runs instead of the real one, even if install scripts are off.',
      'Leave `.bin` out of bundled dependencies: managers create it.',
    ),
    traits: Trait.TrustedName | Trait.NonAscii,
    check: (entry) => (isCommandFolder(entry.path) ? quote(entry.path) : undefined),
  },
  {
    kind: 'entry',
    id: 'planted-manager-state',
    level: 'error',
    summary: 'The entry plants state that a package manager trusts',
    advice: advice(
      'Do not install it: your package manager would believe this file about the packages that are installed, or run code from it.',
      'Leave the state of node_modules and `.pnp.*` out of what you pack.',
    ),
    traits: Trait.TrustedName | Trait.NonAscii,
    check: (entry) => (isPlanted(entry.path) ? quote(entry.path) : undefined),
  },
  {
    ...unreadable('manifest-missing', 'The archive has no package.json'),
    kind: 'metadata',
    check: (npm, report) => {
      if (npm.tree.complete && npm.manifestEntries.length === 0)
        report('no entry lands at package.json');
    },
  },
  {
    kind: 'metadata',
    id: 'manifest-duplicate',
    level: 'error',
    summary: 'The archive has more than one package.json with different content',
    advice: advice(
      'Do not install it: managers use the last package.json, but a reviewer may have read the first.',
      'Pack it again without the file that is left over.',
    ),
    check: (npm, report) => {
      if (npm.tree.differing.has('package.json'))
        report('managers take the last one', npm.manifestEntries.at(-1));
    },
  },
  {
    kind: 'metadata',
    id: 'manifest-link',
    level: 'error',
    summary: 'package.json is not a regular file',
    advice: advice(
      'Do not install it: the manifest is missing, or managers read it from the file that the link points to.',
      'Ship package.json as a file.',
    ),
    check: (npm, report) => {
      for (const entry of npm.manifestEntries) {
        if (entry.typeflag !== Typeflag.File)
          report(`typeflag ${quote(String.fromCharCode(entry.typeflag))}`, entry);
      }
    },
  },
  {
    ...unreadable('manifest-invalid', 'package.json cannot be read', STOPS),
    kind: 'metadata',
    check: (npm, report) => {
      if (npm.manifest?.ok === false) report(npm.manifest.problem, npm.manifestEntries.at(-1));
    },
  },
  {
    kind: 'metadata',
    id: 'manifest-oversized',
    level: 'error',
    stopsReading: true,
    summary: 'package.json is larger than the limit',
    advice: advice(
      'If you know why it is so large, raise `limits.manifestBytes` in your own policy file; until then its scripts and dependencies are not checked.',
      'Move data out of package.json.',
    ),
    check: (npm, report) => {
      for (const entry of npm.manifestEntries) {
        if (entry.typeflag === Typeflag.File && entry.size > npm.manifestCap)
          report(`${entry.size} bytes`, entry);
      }
      if (npm.manifestCrowded)
        report(`more than ${npm.manifestValues} values`, npm.manifestEntries.at(-1));
    },
  },
  {
    ...mismatch(
      'manifest-name-mismatch',
      'package.json has another name than the package that was asked for',
    ),
    ...differs('name', (name) => name),
  },
  {
    ...mismatch(
      'manifest-version-mismatch',
      'package.json has another version than the package that was asked for',
    ),
    ...differs('version', plainVersion),
  },
  manifestUnsafeName,
  manifestDuplicateKey,
  manifestAmbiguousField,
  binEscapes,
  {
    id: 'bin-target-missing',
    level: 'note',
    summary: 'The package does not contain the file of one of its commands',
    advice: advice(
      'You need not do anything, unless you need the command: it has no file to run.',
      'Add the file to `files`, or take the command out of `bin`.',
    ),
    ...checkManifest(({ npm }, report) => {
      if (!npm.tree.complete) return;
      for (const { name, target, unsafe, targetKind } of npm.bins) {
        // A folder exists, so it is not missing. `manifest-ambiguous-field` reports that it is not a command.
        if (unsafe !== undefined || targetKind === 'file' || targetKind === 'directory') continue;
        report(`${quote(name)} names ${quote(target)}`);
      }
    }),
  },
  manEscapes,
  shrinkwrapEscapes,
  directoriesEscape,
  {
    kind: 'metadata',
    id: 'install-script',
    level: 'note',
    summary: 'The package runs a script of its own when it is installed',
    advice: advice(
      'Read the script, and the file that it starts, before you let your package manager run it. npm, pnpm, Yarn and bun have settings that name the packages that may run scripts.',
      'Publish without the script if you can. For compiled files, make one package for each platform, and name these packages in `optionalDependencies`.',
    ),
    check: ({ manifest, manifestEntries, tree }, report) => {
      if (!manifest?.ok) return;
      const { scripts } = manifest.json;
      const installScripts = isRecord(scripts)
        ? INSTALL_SCRIPTS.flatMap((name) => {
            const text = scripts[name];
            return typeof text === 'string' && text !== '' ? [{ name, text }] : [];
          })
        : [];
      for (const { name, text } of installScripts)
        report(`${quote(name)} is ${quote(text)}`, manifestEntries.at(-1));
      // Managers then run node-gyp. `gypfile: false` keeps only npm from that.
      const gyp = tree.files.places.get('binding.gyp');
      if (
        gyp !== undefined &&
        gyp.kind !== 'directory' &&
        installScripts.every(({ name }) => name === 'postinstall')
      )
        report('node-gyp builds what "binding.gyp" describes', gyp.entry);
    },
  },
];
