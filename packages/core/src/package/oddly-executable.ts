import type { Entry } from '../archive/entry.ts';
import { Trait } from '../archive/entry.ts';
import { MAX_SCRIPT_TEXT } from '../limits.ts';
import type { Contents } from './contents.ts';
import { isRecord, type Manifest } from './manifest.ts';
import { foldedKey } from './package-path.ts';

/** A file that others than its owner may run: managers make it executable, or do not. */
export interface OddlyExecutable {
  readonly entry: Entry;
  /** What a manager may run it as; undefined where none runs it. */
  readonly run: string | undefined;
}

/** Scripts that managers run of a dependency, those of one from git among them. */
const LIFECYCLE = [
  'preinstall',
  'install',
  'postinstall',
  'prepublish',
  'preprepare',
  'prepare',
  'postprepare',
  'prepack',
  'postpack',
] as const;

/** What file names in scripts are made of. Of a name with other characters it is not asked whether a script has it. */
const PLAIN = /^[\w.@+-]+$/;

/** Tells of files that others than their owner may run what a manager runs them as. */
export function runAs(
  files: readonly { readonly entry: Entry; readonly key: string }[],
  contents: Contents,
): OddlyExecutable[] {
  const why = reasons(contents);
  return files.map(({ entry, key }) => ({ entry, run: why(foldedKey(key, Trait.NonAscii)) }));
}

function reasons(contents: Contents): (key: string) => string | undefined {
  const { manifest } = contents;
  if (!manifest?.ok) return () => 'package.json cannot be read';
  const bins = new Set(contents.bins.flatMap(({ key }) => (key === undefined ? [] : [fold(key)])));
  const folder = binFolder(manifest);
  const words = scriptWords(manifest);
  const builds = contents.files.get('binding.gyp') !== undefined;
  return (key) => {
    if (bins.has(key)) return 'a command of the package';
    if (folder !== undefined && (folder === '' || key.startsWith(`${folder}/`)))
      return 'in the folder of commands';
    if (key.startsWith('node_modules/')) return 'of a bundled package';
    if (builds) return 'node-gyp builds the package';
    if (words === undefined) return 'with scripts of the install that are too long to be read';
    if (words.size === 0) return undefined;
    const name = key.slice(key.lastIndexOf('/') + 1);
    return !PLAIN.test(name) || words.has(name) ? 'named in a script of the install' : undefined;
  };
}

function binFolder({ json }: Extract<Manifest, { ok: true }>): string | undefined {
  const { directories } = json;
  const bin = isRecord(directories) ? directories['bin'] : undefined;
  if (typeof bin !== 'string') return undefined;
  const parts = bin.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
  return fold(parts.join('/'));
}

/** Undefined where there is more text than is read. */
function scriptWords({ json }: Extract<Manifest, { ok: true }>): ReadonlySet<string> | undefined {
  const { scripts } = json;
  if (!isRecord(scripts)) return new Set();
  const texts = LIFECYCLE.flatMap((name) => {
    const text = scripts[name];
    return typeof text === 'string' ? [text] : [];
  });
  const all = texts.join('\n');
  if (all.length > MAX_SCRIPT_TEXT) return undefined;
  return new Set(
    all
      .toLowerCase()
      .split(/[^\w.@+-]+/)
      .filter((word) => word !== ''),
  );
}

function fold(text: string): string {
  return foldedKey(text, Trait.NonAscii);
}
