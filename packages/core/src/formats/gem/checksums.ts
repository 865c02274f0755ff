import { createHash } from 'node:crypto';

import { quote } from '../../text/printable.ts';
import { readYaml, type YamlNode } from '../../metadata/yaml/index.ts';
import type { Outer } from './outer.ts';

/** Algorithms as RubyGems spells them. It wrote SHA1 until 2018. */
const ALGORITHMS: ReadonlySet<string> = new Set(['SHA1', 'SHA256', 'SHA512']);
/** Algorithms as Ruby 1.9 spelled them: it wrote all checksums as binary. */
const BINARY_KEY = /^!binary "(U0hBMQ==|U0hBMjU2|U0hBNTEy)":/gm;
const HEX = /^[0-9a-f]+$/;
const LIMITS = { values: 50, depth: 3, repeated: 1000 };

/** Errors in the checksums of a gem, in words, and the files without a checksum. */
export interface Checked {
  readonly wrong: readonly string[];
  readonly missing: readonly string[];
}

/** Compares the checksums in `text` with the files of the gem. */
export function checkSums(text: string, { metadata, data }: Outer): Checked {
  const document = readYaml(
    text.replaceAll(BINARY_KEY, (_, key: string) => `${decoded(key)}:`),
    LIMITS,
  );
  const named = new Map([
    ['metadata.gz', metadata],
    ['data.tar.gz', data],
  ]);
  const missing = new Set(named.keys());
  if (!document.ok) return { wrong: [`line ${document.line}: ${document.problem}`], missing: [] };
  const wrong: string[] = document.repeated.map((key) => `${quote(key)} is there twice`);
  for (const { algorithm, file, sum } of sumsOf(document.root, wrong)) {
    const member = named.get(file);
    if (!ALGORITHMS.has(algorithm))
      wrong.push(`${quote(algorithm)} is not an algorithm of RubyGems`);
    else if (!named.has(file)) wrong.push(`${quote(file)} has a checksum`);
    else if (member !== undefined) {
      const found = createHash(algorithm).update(member.bytes).digest('hex');
      if (found !== sum) wrong.push(`the ${algorithm} of ${file} is ${found}`);
      missing.delete(file);
    }
  }
  return { wrong, missing: [...missing] };
}

interface Sum {
  readonly algorithm: string;
  readonly file: string;
  readonly sum: string;
}

function sumsOf(root: YamlNode, wrong: string[]): Sum[] {
  if (root.kind !== 'map' || root.tag !== undefined) {
    wrong.push('they are not a table');
    return [];
  }
  const sums: Sum[] = [];
  for (const [algorithm, files] of root.entries) {
    if (files.kind !== 'map' || files.tag !== undefined) {
      wrong.push(`those of ${quote(algorithm)} are not a table`);
      continue;
    }
    for (const [file, node] of files.entries) {
      const sum = scalarText(node);
      if (HEX.test(sum)) sums.push({ algorithm, file, sum });
      else wrong.push(`the ${printableName(algorithm)} of ${quote(file)} is not in hex`);
    }
  }
  return sums;
}

const printableName = (algorithm: string): string =>
  ALGORITHMS.has(algorithm) ? algorithm : quote(algorithm);

function scalarText(node: YamlNode): string {
  if (node.kind !== 'scalar') return '';
  if (node.tag === '!binary') return decoded(node.text);
  return node.tag === undefined ? node.text : '';
}

/** Decodes Base64. It skips other characters, so that a checksum with such characters does not match. */
function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('latin1');
}
