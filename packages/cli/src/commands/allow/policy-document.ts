import type { Exception } from '@tarwarden/core';
import { MAX_MANIFEST_FILE_BYTES } from '@tarwarden/core/limits';
import {
  parseJson,
  parsePolicy,
  type GitDependency,
  type Permission,
  type PolicyFile,
} from '@tarwarden/core/policy';
import {
  isMissing,
  readBounded,
  realOrSame,
  refusePlantedPolicy,
  type ApprovalsOptions,
  type PolicyTarget,
  replaceFile,
} from '@tarwarden/host';

type Fields = Record<string, unknown>;

/** The lists of a policy file that the command changes. */
const LISTS = ['exceptions', 'gitDependencies'] as const;
type List = (typeof LISTS)[number];

/** A policy file that `loadPolicy` has accepted. Only its lists of what may pass are changed. It may not exist yet. */
export class PolicyDocument {
  readonly path: string;
  readonly exceptions: readonly Exception[];
  readonly gitDependencies: readonly GitDependency[];
  readonly #under: readonly string[];
  readonly #user: ApprovalsOptions | undefined;
  /** The text with its byte order mark. Undefined if there is no file. */
  readonly #before: string | undefined;

  /** @param user Given if the file is the user's own, which has to be outside of the project. */
  constructor({ path, under }: PolicyTarget, user?: ApprovalsOptions) {
    this.#user = user;
    // The user's own file may be a link. A link in a project was refused when the policy was loaded.
    this.path = realOrSame(path);
    this.#under = under;
    this.#before = textOf(this.path);
    const { exceptions = [], gitDependencies = [] } =
      this.#before === undefined ? {} : policyIn(this.#before, under);
    this.exceptions = exceptions;
    this.gitDependencies = gitDependencies;
  }

  get permissions(): readonly Permission[] {
    return [...this.exceptions, ...this.gitDependencies];
  }

  /** The exceptions and then the git dependencies, with their lines. */
  listed(): readonly { readonly permission: Permission; readonly line: number }[] {
    const places = parseJson(plain(this.#text));
    return LISTS.flatMap((list) =>
      this[list].map((permission: Permission, index) => {
        const { line } = places.place([...this.#under, list, index]);
        return { permission, line };
      }),
    );
  }

  withAdded(added: readonly Exception[]): string {
    return this.#changed((list, entries) =>
      list === 'exceptions' ? [...entries, ...added] : entries,
    );
  }

  without(isDropped: (permission: Permission) => boolean): string {
    return this.#changed((list, entries) =>
      entries.filter((_, index) => !isDropped(this[list][index]!)),
    );
  }

  write(text: string): void {
    // Do not write a file where it would not count, or that others can write.
    if (this.#user !== undefined) refusePlantedPolicy(this.#user);
    const permissions = this.#user === undefined ? {} : { permissions: 0o600 };
    const isNew = this.#before === undefined;
    replaceFile(this.path, text, isNew ? { folders: 0o700, ...permissions } : {});
  }

  get #text(): string {
    return this.#before ?? '{}\n';
  }

  /** The text with changed lists. It keeps its byte order mark, its indent and its line ends. */
  #changed(change: (list: List, entries: readonly unknown[]) => readonly unknown[]): string {
    const text = this.#text;
    const file = JSON.parse(plain(text)) as Fields;
    const policy = this.#under.reduce((fields, key) => (fields[key] ??= {}) as Fields, file);
    for (const list of LISTS) {
      const entries = change(list, (policy[list] ?? []) as readonly unknown[]);
      if (list in policy || entries.length > 0) policy[list] = entries;
    }
    const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
    const changed = `${JSON.stringify(file, null, indent)}\n`;
    const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
    return mark + (text.includes('\r\n') ? changed.replaceAll('\n', '\r\n') : changed);
  }
}

function policyIn(text: string, under: readonly string[]): PolicyFile {
  const parsed = parsePolicy(parseJson(plain(text)), under);
  return parsed.ok ? parsed.file : {};
}

function plain(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

function textOf(path: string): string | undefined {
  try {
    return readBounded(path, {
      bytesMax: MAX_MANIFEST_FILE_BYTES,
      follow: false,
    }).bytes?.toString();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
