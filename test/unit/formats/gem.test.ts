import { inspect, recogniseFormat } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { gemOf } from '../../support/gem.ts';
import { cleanGems, gemAttacks } from '../../support/attacks/gem.ts';

const inspectGem = (bytes: Buffer, fileName: string, pieceBytes?: number) =>
  inspect(bytes, { format: 'gem', expected: { fileName }, ...(pieceBytes && { pieceBytes }) });

describe('a gem is rejected for', () => {
  it.each(gemAttacks.map((one) => [one.title, one] as const))('%s', (_title, one) => {
    const verdict = inspectGem(one.bytes, one.fileName);
    const found = verdict.findings.filter(({ level }) => level === one.level);
    expect(found.map(({ rule }) => rule)).toEqual(expect.arrayContaining([...one.rules]));
    expect(verdict.status).toBe('reject');
    expect(inspectGem(one.bytes, one.fileName, 7)).toEqual(verdict);
  });
});

describe('a gem is accepted with', () => {
  it.each(cleanGems.map((one) => [one.title, one] as const))('%s', (_title, one) => {
    const verdict = inspectGem(one.bytes, one.fileName);
    expect(verdict.findings.filter(({ level }) => level === 'error')).toEqual([]);
    expect(verdict.status).toBe('accept');
    expect(verdict.manifest).toMatchObject({ name: 'fixture', version: '1.0.0' });
  });
});

describe('what a gem is', () => {
  it.each([
    ['fixture-1.0.0.gem', Buffer.alloc(0)],
    ['no-name', gemOf()],
  ])('is recognised: %s', (name, bytes) => {
    expect(recogniseFormat(name, bytes)).toBe('gem');
  });

  it('is not every tar', () => {
    expect(recogniseFormat('no-name', Buffer.alloc(10_240))).toBe('npm');
  });
});

describe('where something is', () => {
  it('counts from the start of the gem for its compressed files', () => {
    const bytes = gemOf({ gzip: { trailing: Buffer.from('trailing') } });
    const [found] = inspectGem(bytes, 'fixture-1.0.0.gem').findings.filter(
      ({ rule }) => rule === 'gzip-trailing',
    );
    expect(found).toMatchObject({ layer: 'gem', entry: 'data.tar.gz' });
    expect(bytes.toString('latin1', found?.offset, (found?.offset ?? 0) + 8)).toBe('trailing');
  });

  it('counts from the start of the content for its entries', () => {
    const { bytes, fileName } = gemAttacks.find(({ name }) => name === 'gem-setuid')!;
    expect(inspectGem(bytes, fileName).findings).toContainEqual(
      expect.objectContaining({ rule: 'special-mode-bits', layer: 'tar', offset: 1024 }),
    );
  });
});
