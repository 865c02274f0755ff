import { isDeepStrictEqual } from 'node:util';
import { TarwardenError, type Exception } from '@tarwarden/core';
import { MAX_MANIFEST_FILE_BYTES } from '@tarwarden/core/limits';
import { parseJson, parsePolicy, type JsonPlace } from '@tarwarden/core/policy';
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

/** A policy file that `loadPolicy` has accepted. Only its list of exceptions is changed. It may not exist yet. */
export class PolicyDocument {
  readonly path: string;
  readonly exceptions: readonly Exception[];
  readonly #at: readonly string[];
  readonly #user: ApprovalsOptions | undefined;
  /** The text with its byte order mark. Undefined if there is no file. */
  readonly #before: string | undefined;

  /** @param user Given if the file is the user's own, which has to be outside of the project. */
  constructor({ path, under }: PolicyTarget, user?: ApprovalsOptions) {
    this.#user = user;
    // The user's own file may be a link. A link in a project was refused when the policy was loaded.
    this.path = realOrSame(path);
    this.#at = [...under, 'exceptions'];
    this.#before = textOf(this.path);
    this.exceptions = this.#before === undefined ? [] : exceptionsOf(this.#before, under);
  }

  /** The path of an exception in the document. */
  placeOf(index: number): JsonPlace {
    return parseJson(plain(this.#text)).place([...this.#at, index]);
  }

  withAdded(added: readonly Exception[]): string {
    const count = this.exceptions.length;
    const changes: JsonChange[] = this.#hasList
      ? added.map((value, index) => ({
          path: [...this.#at, count + index],
          value,
          insert: true,
        }))
      : [{ path: [...this.#at], value: added }];
    return this.#changed(changes, [...this.exceptions, ...added]);
  }

  without(isDropped: (exception: Exception) => boolean): string {
    const dropped = this.exceptions.flatMap((exception, index) =>
      isDropped(exception) ? [index] : [],
    );
    const changes = dropped
      .reverse()
      .map((index): JsonChange => ({ path: [...this.#at, index], value: undefined }));
    return this.#changed(
      changes,
      this.exceptions.filter((exception) => !isDropped(exception)),
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

  get #hasList(): boolean {
    return valueAt(plain(this.#text), this.#at) !== undefined;
  }

  /** The changed text, if only the list of exceptions has changed, and as it should. */
  #changed(changes: readonly JsonChange[], exceptions: readonly Exception[]): string {
    const mark = this.#text.startsWith('\uFEFF') ? '\uFEFF' : '';
    const text = withJson(plain(this.#text), changes);
    const rest = (version: string): unknown => withoutValue(version, this.#at);
    const isRight =
      parsePolicy(parseJson(text), this.#at.slice(0, -1)).ok &&
      isDeepStrictEqual(valueAt(text, this.#at), exceptions) &&
      isDeepStrictEqual(rest(text), rest(plain(this.#text)));
    if (isRight) return mark + text;
    const problem = `${printablePath(this.path)} cannot be changed in place: add the exceptions by hand`;
    throw new TarwardenError('NOT_WRITTEN', problem);
  }
}

function exceptionsOf(text: string, under: readonly string[]): readonly Exception[] {
  const parsed = parsePolicy(parseJson(plain(text)), under);
  return parsed.ok ? (parsed.file.exceptions ?? []) : [];
}

function plain(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

function valueAt(text: string, path: readonly string[]): unknown {
  let value: unknown = JSON.parse(text);
  for (const key of path) value = (value as Fields | undefined)?.[key];
  return value;
}

function withoutValue(text: string, path: readonly string[]): unknown {
  const root = JSON.parse(text) as Fields;
  const around = path
    .slice(0, -1)
    .reduce<Fields | undefined>((fields, key) => fields?.[key] as Fields | undefined, root);
  if (around !== undefined) delete around[path.at(-1)!];
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
