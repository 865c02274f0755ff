import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sweptRecord, type SweepRecord } from '../../../../packages/server/src/sweep/archive.ts';
import { SweepResults } from '../../../../packages/server/src/sweep/results.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let folder: string;
freshFolder((path) => (folder = path));

const BASIS = { ruleset: '13', policy: 'ab12' };
const SHA512 = 'ab'.repeat(64);

function record(path: string, status: 'accept' | 'reject' = 'accept'): SweepRecord {
  return { path, format: 'npm', status, sha512: SHA512, findings: [], package: null };
}

const failure: SweepRecord = {
  path: 'c',
  format: null,
  status: 'error',
  sha512: null,
  findings: [],
  error: { code: 'NOT_FETCHED', message: 'gone' },
  package: null,
};

const newFile = (): string => join(folder, 'out.ndjson');
const linesOf = (file: string): string[] => readFileSync(file, 'utf8').split('\n').slice(0, -1);

async function written(file: string, basis = BASIS): Promise<void> {
  const results = await SweepResults.open(file, basis);
  await results.write([
    { id: 's-a', record: record('a\u2028b\u001b[31m') },
    { id: 's-b', record: record('b', 'reject') },
    { id: 's-b', record: record('again') },
    { id: 's-c', record: failure },
    { id: 's-d', record: undefined },
  ]);
  await results.close();
}

describe('the file of results', () => {
  it('has a line for each archive, once', async () => {
    const file = newFile();
    await written(file);
    const lines = linesOf(file);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { id: 's-a', ...BASIS, ...record('a\u2028b\u001b[31m') },
      { id: 's-b', ...BASIS, ...record('b', 'reject') },
      { id: 's-c', ...BASIS, ...failure },
    ]);
    expect(lines[0]).not.toMatch(/[\u2028\u001b]/);
  });

  it('keeps verdicts of the same rules and policy, from the first line on', async () => {
    const file = newFile();
    await written(file);
    const again = await SweepResults.open(file, BASIS);
    expect(again.counts).toEqual({ accept: 1, reject: 1, error: 0 });
    expect(['s-a', 's-b', 's-c'].map((id) => again.has(id))).toEqual([true, true, false]);
    await again.write([{ id: 's-c', record: record('c') }]);
    await again.close();
    expect(linesOf(file).map((line) => (JSON.parse(line) as { id: string }).id)).toEqual([
      's-a',
      's-b',
      's-c',
    ]);
  });

  it.each([
    { ...BASIS, ruleset: '14' },
    { ...BASIS, policy: 'cd34' },
  ])('keeps nothing under %j', async (basis) => {
    const file = newFile();
    await written(file);
    const again = await SweepResults.open(file, basis);
    await again.close();
    expect(again.counts).toEqual({ accept: 0, reject: 0, error: 0 });
    expect(linesOf(file)).toEqual([]);
  });

  it.each([1, 5, 30, 200])('drops a last line that lacks %i bytes', async (missing) => {
    const file = newFile();
    const results = await SweepResults.open(file, BASIS);
    await results.write([{ id: 's-a', record: record('a') }]);
    await results.write([{ id: 's-b', record: record('b') }]);
    await results.close();
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.slice(0, -missing - 1));
    const again = await SweepResults.open(file, BASIS);
    await again.close();
    expect([again.has('s-a'), again.has('s-b')]).toEqual([true, false]);
    expect(linesOf(file)).toHaveLength(1);
  });

  it.each(['notes\n', '{"a":1}\n', '\n{}\n', '{"id":"s-\n{"id":"s-a"}\n'])(
    'does not overwrite the foreign file %j',
    async (text) => {
      const file = newFile();
      writeFileSync(file, text);
      await expect(SweepResults.open(file, BASIS)).rejects.toThrow('is not a line of a sweep');
      expect(readFileSync(file, 'utf8')).toBe(text);
    },
  );

  it('cannot be a folder', async () => {
    await expect(SweepResults.open(folder, BASIS)).rejects.toThrow('cannot be written');
  });

  it('has the id, the rules and the policy of the run, whatever the record says', async () => {
    const file = newFile();
    const results = await SweepResults.open(file, BASIS);
    const forged = { ...record('a'), id: 's-other', ruleset: '1', policy: 'none' };
    await results.write([{ id: 's-a', record: forged }]);
    await results.close();
    expect(JSON.parse(linesOf(file)[0]!)).toMatchObject({ id: 's-a', ...BASIS });
  });
});

describe('a record of the queue', () => {
  it('loses fields that no record has', () => {
    const forged = { ...record('a'), id: 's-other', ruleset: '1', policy: 'none' };
    expect(sweptRecord(forged)).toEqual(record('a'));
    expect(sweptRecord(failure)).toEqual(failure);
    const findings = [{ rule: 'x', level: 'error', message: 'm', entry: null }];
    expect(sweptRecord({ ...record('a'), findings, omitted: 3 })).toEqual({
      ...record('a'),
      findings,
      omitted: 3,
    });
  });

  it.each([
    undefined,
    'accept',
    {},
    { ...record('a'), status: 'accepted' },
    { ...record('a'), sha512: null },
    { ...record('a'), sha512: 'ab' },
    { ...record('a'), path: 1 },
    { ...record('a'), findings: [{ rule: 1 }] },
    { ...record('a'), package: { name: 'a' } },
    { ...failure, sha512: SHA512 },
  ])('is refused: %j', (value) => {
    expect(sweptRecord(value)).toBeUndefined();
  });
});
