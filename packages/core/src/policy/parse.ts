import * as v from 'valibot';
import { quote } from '../text/printable.ts';
import type { JsonDocument, JsonPath, JsonPosition } from './json-source.ts';
import type { Exception, GitDependency } from './policy.ts';
import {
  exceptionSchema,
  gitDependencySchema,
  policyFileSchema,
  type PolicyFile,
} from './schema.ts';

/** A problem in a policy file, with its position. One line, safe for a terminal. */
export interface PolicyProblem {
  readonly position: JsonPosition;
  readonly message: string;
}

export type ParsedPolicy =
  | { readonly ok: true; readonly file: PolicyFile }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** Reads the value at `path` of a document as a policy file. It reports every problem, and repairs nothing. */
export function parsePolicy(document: JsonDocument, path: JsonPath = []): ParsedPolicy {
  let value: unknown = document.value;
  for (const key of path) value = (value as Record<string | number, unknown>)[key];
  const result = v.safeParse(policyFileSchema, value);
  if (result.success) return { ok: true, file: result.output };
  return {
    ok: false,
    problems: result.issues.map((issue) => {
      const inner = (issue.path ?? []).map((item) => item.key as string | number);
      return {
        position: document.position([...path, ...inner]),
        message: `${pathText(inner)} ${issue.message}`,
      };
    }),
  };
}

/** Reads a value as one exception. Undefined if it is not valid. */
export function parseException(value: unknown): Exception | undefined {
  const result = v.safeParse(exceptionSchema, value);
  return result.success ? result.output : undefined;
}

/** Reads a value as one accepted git dependency. Undefined if it is not valid. */
export function parseGitDependency(value: unknown): GitDependency | undefined {
  const result = v.safeParse(gitDependencySchema, value);
  return result.success ? result.output : undefined;
}

/** The text of a path, for instance `exceptions[2].rule`. */
export function pathText(path: JsonPath): string {
  if (path.length === 0) return 'the policy';
  return path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      const name = /^[\w$-]+$/.test(key) ? key : quote(key);
      return index === 0 ? name : `.${name}`;
    })
    .join('');
}
