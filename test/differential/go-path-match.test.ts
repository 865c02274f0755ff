/** GOPRIVATE patterns: ours against path.Match of the go that is installed. A pattern we miss sends a private path to a proxy. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesGlob } from '../../packages/guard/src/fetch/go/module-path.ts';
import {} from '../support/go/bench.ts';

const PROGRAM = `package main

import (
	"encoding/json"
	"os"
	"path"
)

func main() {
	var pairs [][2]string
	json.NewDecoder(os.Stdin).Decode(&pairs)
	matched := make([]bool, len(pairs))
	for i, p := range pairs {
		matched[i], _ = path.Match(p[0], p[1])
	}
	json.NewEncoder(os.Stdout).Encode(matched)
}
`;

const ASCII = Array.from({ length: 0x5f }, (_, at) => String.fromCodePoint(0x20 + at));
const signs = fc.constantFrom(...'ab-/*?[]^\\.'.split(''));
const dense = fc.string({ unit: signs, maxLength: 12 });
const printable = fc.string({ unit: fc.constantFrom(...ASCII), maxLength: 8 });

function pairsOf(): [string, string][] {
  const single = ASCII.flatMap((sign): [string, string][] => [
    [sign, sign],
    [`\\${sign}`, sign],
    [`[${sign}]`, sign],
    [`[^${sign}]`, sign],
    [`[!-${sign}]`, 'a'],
    [`*${sign}*`, `a${sign}b`],
  ]);
  const random = fc.sample(
    fc.oneof(fc.tuple(dense, dense), fc.tuple(printable, printable)),
    20_000,
  );
  return [...single, ...random];
}

describe('path.Match', { tags: ['go'] }, () => {
  test('decides as go does', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tarwarden-go-match-'));
    try {
      writeFileSync(join(folder, 'main.go'), PROGRAM);
      const pairs = pairsOf();
      const output = execFileSync('go', ['run', 'main.go'], {
        cwd: folder,
        input: JSON.stringify(pairs),
        encoding: 'utf8',
        env: { ...process.env, GOTOOLCHAIN: 'local', GO111MODULE: 'off' },
      });
      const decided = JSON.parse(output) as boolean[];
      expect(decided).toHaveLength(pairs.length);
      expect(decided.filter(Boolean).length).toBeGreaterThan(200);
      const different = pairs.filter(
        ([pattern, text], at) => matchesGlob(pattern, text) !== decided[at],
      );
      expect(different).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
