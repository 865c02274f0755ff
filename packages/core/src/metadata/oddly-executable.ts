import type { Entry } from '../containers/entry.ts';
import { Trait } from '../containers/entry.ts';
import { MAX_SCRIPT_TEXT } from '../limits.ts';
import type { NpmPackage } from './npm-package.ts';
import { isRecord, type PackageJson } from './manifest.ts';
import { foldedKey, settledPath } from '../tree/package-path.ts';

/** A file that others may run and its owner may not. Some managers make it executable, others do not. */
export interface OddlyExecutable {
  readonly entry: Entry;
  /** How a manager may run it. Undefined if no manager runs it. */
  readonly run: string | undefined;
}

/** Scripts that managers run for a dependency. For one from git, pnpm runs `publish` and npm runs `dependencies`. */
const LIFECYCLE = /^(?:pre|post)?(?:install|prepublish|publish|prepare|prepack|pack|dependencies)$/;
/** A script with such a word may run any other. */
const RUNS_OTHERS = /npm|yarn|bun|run/;
/** Characters with which a shell changes words. */
const EXPANDED = /[*?[{\\$`]/;

/** Plain file names in scripts. A name with other characters is not looked for in scripts. */
const PLAIN = /^[\w.@+-]+$/;

/** Finds out how managers run each of the files that others may run and their owner may not. */
export function runAs(
  files: readonly { readonly entry: Entry; readonly key: string }[],
  npm: NpmPackage,
): OddlyExecutable[] {
  const why = reasons(npm);
  return files.map(({ entry, key }) => ({ entry, run: why(foldedKey(key, Trait.NonAscii)) }));
}

function reasons(npm: NpmPackage): (key: string) => string | undefined {
  const { manifest } = npm;
  if (!manifest?.ok) return () => 'package.json cannot be read';
  const bins = new Set(npm.bins.flatMap(({ key }) => (key === undefined ? [] : [fold(key)])));
  const folder = binFolder(manifest);
  const words = scriptWords(manifest);
  const builds = npm.tree.files.places.has('binding.gyp');
  return (key) => {
    if (bins.has(key)) return 'a command of the package';
    if (folder !== undefined && (folder === '' || key.startsWith(`${folder}/`)))
      return 'in the folder of commands';
    if (key.startsWith('node_modules/')) return 'of a bundled package';
    if (builds) return 'node-gyp builds the package';
    if (words === undefined) return 'with scripts of the install that cannot be read';
    if (words.size === 0) return undefined;
    const name = key.slice(key.lastIndexOf('/') + 1);
    return !PLAIN.test(name) || words.has(name) ? 'named in a script of the install' : undefined;
  };
}

function binFolder({ json }: Extract<PackageJson, { ok: true }>): string | undefined {
  const { directories } = json;
  const bin = isRecord(directories) ? directories['bin'] : undefined;
  return typeof bin === 'string' ? fold(settledPath(bin)) : undefined;
}

/** The words of all install scripts. Undefined if there is too much text, or a shell changes its words. */
function scriptWords({
  json,
}: Extract<PackageJson, { ok: true }>): ReadonlySet<string> | undefined {
  const { scripts } = json;
  if (!isRecord(scripts)) return new Set();
  const all = scriptText(scripts, (name) => LIFECYCLE.test(name));
  const text = RUNS_OTHERS.test(all) ? scriptText(scripts, () => true) : all;
  if (text.length > MAX_SCRIPT_TEXT || EXPANDED.test(text)) return undefined;
  // Quotes may also be inside a word.
  const words = `${text}\n${text.replace(/["']/g, '')}`.split(/[^\w.@+-]+/);
  return new Set(words.filter((word) => word !== ''));
}

function scriptText(scripts: Record<string, unknown>, wanted: (name: string) => boolean): string {
  return Object.entries(scripts)
    .flatMap(([name, text]) => (typeof text === 'string' && wanted(name) ? [text] : []))
    .join('\n')
    .toLowerCase();
}

function fold(text: string): string {
  return foldedKey(text, Trait.NonAscii);
}
