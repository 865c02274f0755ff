/**
 * An exported name has one meaning in the repository, and comments and bindings say what they are about (CONTRIBUTING.md).
 * structure-names.json lists the exceptions of today. They may only become fewer.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAst } from 'vitest/node';
import { repository } from '../support/managers.ts';

interface Exceptions {
  readonly typesInSeveralFiles: readonly string[];
  readonly functionsInSeveralFiles: readonly string[];
  readonly commentsThatStartWithAPronoun: number;
  readonly bindingsThatSayNothing: number;
}

interface SyntaxNode {
  readonly type: string;
  readonly [field: string]: unknown;
}

const exceptions = JSON.parse(
  readFileSync(new URL('structure-names.json', import.meta.url), 'utf8'),
) as Exceptions;

/** A comment that starts with one of these words makes its reader guess the subject of the sentence. */
const PRONOUN = '(?:What|Whoever|Who|Nobody|None|Of)\\b';

/** The start of a block comment or docstring, or of a run of line comments. */
const VAGUE_COMMENT = new RegExp(
  `/\\*\\*?[\\s*]*${PRONOUN}|"""\\s*${PRONOUN}|(?<!(?://|#)[^\\n]*\\n[^\\S\\n]*)(?<=^|\\s)(?://|#) ${PRONOUN}`,
  'gm',
);

const VAGUE_BINDINGS = new Set(['one', 'of', 'how', 'job', 'told']);

const TYPES = /^(?:TSInterface|TSTypeAlias|Class|TSEnum)Declaration$/;
const FUNCTIONS = /^(?:FunctionDeclaration|TSDeclareFunction|ArrowFunctionExpression)$/;

function sourceFiles(folder: string): string[] {
  return readdirSync(join(repository, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(?:[mc]?[jt]s|py|rb)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/[\\/](?:node_modules|dist)[\\/]/.test(relative(repository, file)));
}

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && 'type' in value;

const childNodes = (node: SyntaxNode): SyntaxNode[] => Object.values(node).flat().filter(isNode);

const parse = (text: string): SyntaxNode => parseAst(text, { lang: 'ts' }) as unknown as SyntaxNode;

/** The names that a pattern binds, as in `const { name: local, ...rest } = value`. */
function boundNames(pattern: SyntaxNode): string[] {
  if (pattern.type === 'Identifier') return [String(pattern['name'])];
  const inner = [pattern['properties'], pattern['elements'], pattern['argument']].flat();
  const values = pattern.type === 'Property' ? [pattern['value']] : inner;
  return [...values, pattern['left'], pattern['parameter']].filter(isNode).flatMap(boundNames);
}

/** The names of all variables and parameters, those in types of functions too. */
function bindings(node: SyntaxNode): string[] {
  const declared = node.type === 'VariableDeclarator' ? node['id'] : node['param'];
  const parameters = Array.isArray(node['params']) ? (node['params'] as unknown[]) : [];
  const own = [declared, ...parameters].filter(isNode).flatMap(boundNames);
  return [...own, ...childNodes(node).flatMap(bindings)];
}

/** The names of the types, or functions, that a module declares and exports. A re-export declares nothing. */
function exportedNames(module: SyntaxNode, kind: RegExp): string[] {
  const exported = childNodes(module).filter(({ type }) => type.startsWith('Export'));
  const declarations = exported.flatMap(({ declaration }) => {
    if (!isNode(declaration)) return [];
    return declaration.type === 'VariableDeclaration' ? childNodes(declaration) : [declaration];
  });
  return declarations
    .filter(({ type, init }) => kind.test(type) || (isNode(init) && kind.test(init.type)))
    .flatMap(({ id }) => (isNode(id) ? [String(id['name'])] : []));
}

const packageFiles = readdirSync(join(repository, 'packages')).flatMap((name) =>
  sourceFiles(join('packages', name, 'src')),
);
const texts = [...packageFiles, ...sourceFiles('scripts'), ...sourceFiles('bench')].map((file) => ({
  file,
  text: readFileSync(file, 'utf8'),
}));
const modules = texts
  .filter(({ file }) => /[jt]s$/.test(file))
  .map(({ file, text }) => ({ file, module: parse(text) }));

function namesInSeveralFiles(kind: RegExp): string[] {
  const counts = new Map<string, number>();
  for (const { file, module } of modules) {
    if (!packageFiles.includes(file)) continue;
    const names = new Set(exportedNames(module, kind));
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts.keys()].filter((name) => (counts.get(name) ?? 0) > 1).toSorted();
}

const vagueComments = (text: string): number => [...text.matchAll(VAGUE_COMMENT)].length;
const vagueBindings = (module: SyntaxNode): string[] =>
  bindings(module).filter((name) => VAGUE_BINDINGS.has(name));

describe('names and comments of the repository', () => {
  it('can be counted in a small example', () => {
    const text = `
      // What is here.
      // What goes on is the same comment.
      export type Place = string; // Of a file.
      /** Whoever. */
      export const told = ({ a: how, b }: Place, ...one: Place[]): string => how + b + one;
      export function first(of: (job: string) => void): void {}
      export { second } from './what.ts';`;
    const module = parse(text);
    expect(vagueComments(text)).toBe(3);
    expect(vagueBindings(module).toSorted()).toEqual(['how', 'job', 'of', 'one', 'told']);
    expect(exportedNames(module, TYPES)).toEqual(['Place']);
    expect(exportedNames(module, FUNCTIONS)).toEqual(['told', 'first']);
  });

  it('an exported name of a type is declared in one file', () => {
    expect(namesInSeveralFiles(TYPES)).toEqual(exceptions.typesInSeveralFiles);
  });

  it('an exported name of a function is declared in one file', () => {
    expect(namesInSeveralFiles(FUNCTIONS)).toEqual(exceptions.functionsInSeveralFiles);
  });

  it('a comment starts with its subject', () => {
    const count = texts.map(({ text }) => vagueComments(text)).reduce((sum, next) => sum + next, 0);
    expect(count).toBeLessThanOrEqual(exceptions.commentsThatStartWithAPronoun);
  });

  it('a variable or parameter says what it holds', () => {
    const count = modules.flatMap(({ module }) => vagueBindings(module)).length;
    expect(count).toBeLessThanOrEqual(exceptions.bindingsThatSayNothing);
  });
});
