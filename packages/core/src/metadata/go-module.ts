import type { Entry } from '../containers/entry.ts';
import { Typeflag } from '../containers/entry.ts';
import type { ManifestFacts } from '../finding/verdict.ts';
import { MAX_FOUND_PER_RULE } from '../limits.ts';
import { Body } from '../tree/body.ts';
import { fileNameProblem, moduleProblem } from './go-module-path.ts';
import type { Metadata } from './metadata.ts';

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
    const named = this.prefix ?? { name, version };
    if (named.name === undefined || named.version === undefined) return undefined;
    return moduleProblem(named.name, named.version);
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
  const found =
    /^[ \t]*module[ \t]+(?:"(?<quoted>[^"\n]*)"|`(?<raw>[^`\n]*)`|(?<plain>[^\s"`(/]\S*))/m.exec(
      text,
    );
  return found?.groups?.['quoted'] ?? found?.groups?.['raw'] ?? found?.groups?.['plain'];
}
