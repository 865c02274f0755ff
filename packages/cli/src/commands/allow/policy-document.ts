import { isDeepStrictEqual } from 'node:util';
import { TarwardenError, type Exception } from '@tarwarden/core';
import { MAX_MANIFEST_FILE_BYTES } from '@tarwarden/core/limits';
import {
  parseJson,
  parsePolicy,
  type GitDependency,
  type JsonPlace,
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
} from '@tarwarden/host';
import { applyEdits, modify, type FormattingOptions, type JSONPath } from 'jsonc-parser';

type Fields = Record<string, unknown>;

/** The lists of a policy file that the command changes. */
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
    this.#before = textOf(this.path);
    const { exceptions = [], gitDependencies = [] } =
      this.#before === undefined ? {} : policyIn(this.#before, under);
    this.exceptions = exceptions;
    this.gitDependencies = gitDependencies;
  }

  get permissions(): readonly Permission[] {
    return [...this.exceptions, ...this.gitDependencies];
  }

  /** The place of an entry of a list in the document. */
  placeOf(list: List, index: number): JsonPlace {
    return parseJson(plain(this.#text)).place([...this.#under, list, index]);
  }

  withAdded(added: readonly Exception[]): string {
    const at = [...this.#under, 'exceptions'];
    const count = this.exceptions.length;
    const changes: JsonChange[] =
      valueAt(plain(this.#text), at) === undefined
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
    const kept = (list: readonly Permission[]): readonly Permission[] =>
      list.filter((permission) => !isDropped(permission));
    return this.#changed(changes, {
      exceptions: kept(this.exceptions),
      gitDependencies: kept(this.gitDependencies),
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
    const rest = (version: string): unknown => withoutLists(version, this.#under);
    const isRight =
      parsePolicy(parseJson(text), this.#under).ok &&
      LISTS.every((list) =>
        isDeepStrictEqual(valueAt(text, [...this.#under, list]) ?? [], lists[list]),
      ) &&
      isDeepStrictEqual(rest(text), rest(plain(this.#text)));
    if (isRight) return mark + text;
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

function valueAt(text: string, path: readonly string[]): unknown {
  let value: unknown = JSON.parse(text);
  for (const key of path) value = (value as Fields | undefined)?.[key];
  return value;
}

function withoutLists(text: string, under: readonly string[]): unknown {
  const root = JSON.parse(text) as Fields;
  const policy = under.reduce<Fields | undefined>(
    (fields, key) => fields?.[key] as Fields | undefined,
    root,
  );
  if (policy !== undefined) for (const list of LISTS) delete policy[list];
  return root;
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
    (now, { path, value, insert = false }) =>
      applyEdits(now, modify(now, path, value, { formattingOptions, isArrayInsertion: insert })),
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
