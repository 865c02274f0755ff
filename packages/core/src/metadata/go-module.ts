import { type Entry, Typeflag } from '../containers/entry.ts';
import type { ManifestFacts } from '../finding/verdict.ts';
import { MAX_FOUND_PER_RULE } from '../limits.ts';
import { Body } from '../tree/body.ts';
import type { Metadata } from './metadata.ts';
import { quote } from '../text/printable.ts';

const WINDOWS_NAME = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])$/i;
/** A character of a file name: a letter, or ASCII without shell specials and without characters that Windows or macOS refuse. */
const FILE_CHARACTER = /^[\w!#$%&()+,.=@[\]^{}~ \p{L}-]$/u;
const MODULE_PATH = /^[\w.~-]+(?:\/[\w.~-]+)*$/;
const FIRST_ELEMENT = /^[\da-z.][\da-z.-]*$/;
const VERSION =
  /^v(?<major>0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?(?<build>\+incompatible)?$/;

/** The reason why go refuses a path inside a module. Undefined if it accepts it. */
function fileNameProblem(path: string): string | undefined {
  if (path.includes('//')) return 'a double slash';
  for (const element of path.split('/')) {
    if (element === '') return 'an empty path element';
    const problem = elementProblem(element);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function elementProblem(element: string): string | undefined {
  if (/^\.+$/.test(element)) return `the path element ${quote(element)}`;
  if (element.endsWith('.')) return 'a path element that ends in a dot';
  for (const character of element)
    if (!FILE_CHARACTER.test(character)) return `the character ${quote(character)}`;
  const [short = ''] = element.split('.', 1);
  return WINDOWS_NAME.test(short) ? `the device name ${quote(short)}` : undefined;
}

/** The reason why go refuses a module path or its version. Undefined if it accepts both. */
function moduleProblem(path: string, version: string): string | undefined {
  const [first = ''] = path.split('/', 1);
  if (!MODULE_PATH.test(path) || !first.includes('.') || !FIRST_ELEMENT.test(first))
    return `${quote(path)} is not a module path`;
  for (const element of path.split('/')) {
    const [short = ''] = element.split('.', 1);
    if (element.startsWith('.') || element.endsWith('.') || WINDOWS_NAME.test(short))
      return `${quote(path)} is not a module path`;
    if (/~\d+$/.test(short)) return `${quote(path)} has an element like a short name of Windows`;
  }
  const { major, build } = VERSION.exec(version)?.groups ?? {};
  if (major === undefined) return `${quote(version)} is not a canonical version`;
  return fitsMajor(path, Number(major), build !== undefined)
    ? undefined
    : `version ${quote(version)} does not fit ${quote(path)}`;
}

/** Whether the major version at the end of the path fits the version (SplitPathVersion, CheckPathMajor). */
function fitsMajor(path: string, major: number, incompatible: boolean): boolean {
  if (path.startsWith('gopkg.in/')) {
    const majorInPath = /\.v(0|[1-9]\d*)(?:-unstable)?$/.exec(path)?.[1];
    // go once made pseudo-versions v0.0.0 for `.v1` by mistake, and still accepts them.
    return (
      majorInPath !== undefined &&
      (major === Number(majorInPath) || (majorInPath === '1' && major === 0))
    );
  }
  const suffix = /\/v([\d.]+)$/.exec(path)?.[1];
  if (suffix === undefined) return major < 2 || incompatible;
  return /^[1-9]\d*$/.test(suffix) && suffix !== '1' && major === Number(suffix);
}

/** An entry, and the reason why go refuses it. */
export interface Complaint {
  readonly entry: Entry;
  readonly problem: string;
}

/** `module@version/`. A module path never contains `@`. */
const PREFIX = /^(?<name>[^@]+)@(?<version>v[^/@]+)\//;
const GO_MOD = 'go.mod';

/** The metadata of a module zip of Go: the folder around all files, and go.mod. */
export class GoModule implements Metadata {
  /** The first folder of the form `module@version/`. */
  prefix: { readonly text: string; readonly name: string; readonly version: string } | undefined;
  /** Entries outside that folder. */
  readonly outside: Entry[] = [];
  /** Names that go refuses. */
  readonly badNames: Complaint[] = [];
  /** Files called go.mod, in any case, other than the one of the module. */
  readonly misplaced: Entry[] = [];
  /** The files for which go has a size limit, and the size of all files. */
  goMod: Entry | undefined;
  license: Entry | undefined;
  size: number = 0;
  /** The module path in go.mod, if it could be read. */
  moduleLine: string | undefined;

  readonly #maxBytes: number;
  #body: Body | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get claimed(): ManifestFacts | undefined {
    return this.prefix && { name: this.prefix.name, version: this.prefix.version };
  }

  /** The reason why go refuses the module path or the version. If no entry has them, those that were asked for are checked. */
  nameProblem({ name, version }: ManifestFacts): string | undefined {
    const identity = this.prefix ?? { name, version };
    if (identity.name === undefined || identity.version === undefined) return undefined;
    return moduleProblem(identity.name, identity.version);
  }

  bodyFor(entry: Entry): Body | undefined {
    const isFolder = entry.typeflag === Typeflag.Directory;
    const path = isFolder ? `${entry.path}/` : entry.path;
    const { name, version } = this.prefix ?? PREFIX.exec(path)?.groups ?? {};
    if (name !== undefined && version !== undefined)
      this.prefix ??= { text: `${name}@${version}/`, name, version };
    if (!isFolder) this.size += entry.size;
    const { text } = this.prefix ?? {};
    if (text === undefined || !path.startsWith(text)) {
      push(this.outside, entry);
      return undefined;
    }
    const inside = entry.path.slice(text.length);
    if (inside === '') return undefined;
    const problem = fileNameProblem(inside);
    if (problem !== undefined) push(this.badNames, { entry, problem });
    return isFolder ? undefined : this.#file(entry, inside);
  }

  #file(entry: Entry, inside: string): Body | undefined {
    if (inside === 'LICENSE') this.license = entry;
    const base = inside.slice(inside.lastIndexOf('/') + 1);
    if (base.toLowerCase() !== GO_MOD) return undefined;
    if (inside !== GO_MOD) {
      push(this.misplaced, entry);
      return undefined;
    }
    this.goMod = entry;
    if (entry.typeflag !== Typeflag.File || entry.size > this.#maxBytes) return undefined;
    return (this.#body = new Body(entry));
  }

  end(): void {
    const text = this.#body?.whole()?.toString('utf8');
    this.moduleLine = text === undefined ? undefined : moduleLineOf(text);
  }
}

function push<T>(list: T[], item: T): void {
  if (list.length < MAX_FOUND_PER_RULE) list.push(item);
}

/** The path of the `module` directive, which comes first in files that go writes. */
export function moduleLineOf(text: string): string | undefined {
  const match =
    /^[ \t]*module[ \t]+(?:"(?<quoted>[^"\n]*)"|`(?<raw>[^`\n]*)`|(?<plain>[^\s"`(/]\S*))/m.exec(
      text,
    );
  return match?.groups?.['quoted'] ?? match?.groups?.['raw'] ?? match?.groups?.['plain'];
}
