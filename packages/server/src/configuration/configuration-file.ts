/* Reads server.yaml. All problems are reported together, each with its line. */
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { pathText } from '@tarwarden/core/policy';
import { printable, printablePath } from '@tarwarden/core/text';
import { readBounded } from '@tarwarden/guard';
import type { ServerConfiguration } from './configuration.ts';
import { problemsIn, type ConfigurationProblem } from './problems.ts';
import { configurationIn } from './reading.ts';
import { configurationSchema } from './schema.ts';

/** The most bytes of the file. */
const BYTES_MAX = 1024 * 1024;
/** The most problems that are shown. */
const SHOWN_MAX = 50;

/** The configuration cannot be used. The message is for people: a line for each problem, without values of the file. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** @throws ConfigurationError */
export function readConfiguration(path: string): ServerConfiguration {
  const shown = printablePath(path);
  const text = configuredText(path, { shown, bytesMax: BYTES_MAX });
  return parseConfiguration(text, { shown, folder: dirname(resolve(path)) });
}

/**
 * The text of a regular file.
 * @param named `shown`: the name of the file for messages.
 * @throws ConfigurationError
 */
export function configuredText(
  path: string,
  { shown, bytesMax }: { readonly shown: string; readonly bytesMax: number },
): string {
  try {
    const { bytes } = readBounded(path, { bytesMax, follow: true });
    if (bytes !== undefined) return bytes.toString('utf8');
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(`${shown} cannot be read: ${code}`);
  }
  throw new ConfigurationError(`${shown} is not a regular file of at most ${bytesMax} bytes`);
}

/**
 * @param named `shown`: the name of the file for messages. `folder`: its folder.
 * @throws ConfigurationError
 */
export function parseConfiguration(
  text: string,
  { shown, folder }: { readonly shown: string; readonly folder: string },
): ServerConfiguration {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  const fail = (problems: readonly string[]): never => {
    throw new ConfigurationError(problems.slice(0, SHOWN_MAX).join('\n'));
  };
  const mistakes = [...document.errors, ...document.warnings];
  if (mistakes.length > 0)
    fail(
      mistakes.map(({ pos, message }) => `${shown}:${lineAt(pos[0])}: ${printable(message, 200)}`),
    );
  const report = (problems: readonly ConfigurationProblem[]): never =>
    fail(
      problems
        .map(({ path, message }) => {
          const where = path.length === 0 ? 'the configuration' : pathText(path);
          const line = lineAt(offsetOf(document, path));
          return { line, text: `${shown}:${line}: ${printable(`${where} ${message}`, 400)}` };
        })
        .toSorted((before, after) => before.line - after.line)
        .map(({ text: shownText }) => shownText),
    );
  const checked = checkConfiguration(valueOf(document, shown), folder);
  return 'problems' in checked ? report(checked.problems) : checked.configuration;
}

/** The configuration that a value describes, or its problems. `folder`: the one to which paths are relative. */
export function checkConfiguration(
  value: unknown,
  folder: string,
):
  | { readonly configuration: ServerConfiguration }
  | { readonly problems: readonly ConfigurationProblem[] } {
  const result = v.safeParse(configurationSchema, value);
  const problems = result.success ? problemsIn(result.output) : result.issues.flatMap(problemsOf);
  if (!result.success || problems.length > 0) return { problems };
  return { configuration: configurationIn(result.output, folder) };
}

function valueOf(document: Document, shown: string): unknown {
  try {
    // An empty file has no value.
    return document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch {
    throw new ConfigurationError(`${shown} contains too many aliases`);
  }
}

type Issue = v.GenericIssue;

/** A union has one issue. If the value has the shape of an object, the issues of the object are more useful. */
function problemsOf(issue: Issue): readonly ConfigurationProblem[] {
  const path = (issue.path ?? []).map(({ key }) => key as string | number);
  const inner = (issue.issues ?? []).filter(({ path: below = [] }) => below.length > 0);
  if (issue.type !== 'union' || inner.length === 0) return [{ path, message: issue.message }];
  return inner.flatMap((below) =>
    problemsOf(below as Issue).map((problem) => ({ ...problem, path: [...path, ...problem.path] })),
  );
}

/** Where a key is in the text, or the deepest key above it that is there. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
      if (!isPair(pair)) break;
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof key === 'number') {
      node = node.items[key];
      if (isNode(node)) offset = node.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}
