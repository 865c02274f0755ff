import { isDeepStrictEqual } from 'node:util';
import { TarwardenError, type Exception } from '@tarwarden/core';
import { MAX_MANIFEST_FILE_BYTES } from '@tarwarden/core/limits';
import {
  parseJson,
  parsePolicy,
  type GitDependency,
  type Permission,
  type PolicyFile,
} from '@tarwarden/core/policy';
import { printablePath } from '@tarwarden/core/text';
import {
  isMissing,
  readBounded,
  realOrSame,
  refusePlantedPolicy,
  type ApprovalsOptions,
  type PolicyTarget,
  replaceFile,
} from '@tarwarden/guard';
import { applyEdits, modify, type FormattingOptions, type JSONPath } from 'jsonc-parser';

type Fields = Record<string, unknown>;

const LISTS = ['exceptions', 'gitDependencies'] as const;
type List = (typeof LISTS)[number];
type Lists = Readonly<Record<List, readonly Permission[]>>;

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
    this.#before = fileText(this.path);
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
    const document = parseJson(plain(this.#text));
    return LISTS.flatMap((list) =>
      this[list].map((permission: Permission, index) => {
        const { line } = document.position([...this.#under, list, index]);
        return { permission, line };
      }),
    );
  }

  withAdded(added: readonly Exception[]): string {
    const at = [...this.#under, 'exceptions'];
    const count = this.exceptions.length;
    const changes: JsonChange[] =
      count === 0
        ? [{ path: at, value: added }]
        : added.map((value, index) => ({ path: [...at, count + index], value, insert: true }));
    const { gitDependencies } = this;
    return this.#changed(changes, { exceptions: [...this.exceptions, ...added], gitDependencies });
  }

  without(isDropped: (permission: Permission) => boolean): string {
    const changes = LISTS.flatMap((list) =>
      this[list]
        .flatMap((permission, index) => (isDropped(permission) ? [index] : []))
        .reverse()
        .map((index): JsonChange => ({ path: [...this.#under, list, index], value: undefined })),
    );
    const remaining = (list: readonly Permission[]): readonly Permission[] =>
      list.filter((permission) => !isDropped(permission));
    return this.#changed(changes, {
      exceptions: remaining(this.exceptions),
      gitDependencies: remaining(this.gitDependencies),
    });
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

  /** The changed text, if only the lists have changed, and as they should. */
  #changed(changes: readonly JsonChange[], lists: Lists): string {
    const mark = this.#text.startsWith('\uFEFF') ? '\uFEFF' : '';
    const text = withJson(plain(this.#text), changes);
    const expected = JSON.parse(plain(this.#text)) as Fields;
    const policy = this.#under.reduce((fields, key) => (fields[key] ??= {}) as Fields, expected);
    for (const list of LISTS)
      if (list in policy || lists[list].length > 0) policy[list] = lists[list];
    if (
      parsePolicy(parseJson(text), this.#under).ok &&
      isDeepStrictEqual(JSON.parse(text), expected)
    )
      return mark + text;
    const problem = `${printablePath(this.path)} cannot be changed in place: change it by hand`;
    throw new TarwardenError('NOT_WRITTEN', problem);
  }
}

function policyIn(text: string, under: readonly string[]): PolicyFile {
  const parsed = parsePolicy(parseJson(plain(text)), under);
  return parsed.ok ? parsed.file : {};
}

function plain(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

function fileText(path: string): string | undefined {
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

interface JsonChange {
  readonly path: JSONPath;
  /** If it is undefined, the value is removed. */
  readonly value: unknown;
  /** The value is inserted before the one at this index of the list. */
  readonly insert?: true;
}

/** The text after all changes, which are made one after the other. */
export function withJson(text: string, changes: readonly JsonChange[]): string {
  const formattingOptions = formattingOf(text);
  return changes.reduce(
    (current, { path, value, insert = false }) =>
      applyEdits(
        current,
        modify(current, path, value, { formattingOptions, isArrayInsertion: insert }),
      ),
    text,
  );
}

function formattingOf(text: string): FormattingOptions {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}
