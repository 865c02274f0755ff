import { describe, expect, it } from 'vitest';
import { registryFor } from '../../../../packages/guard/src/fetch/fetch-settings.ts';

describe('registryFor', () => {
  it.each([
    ['https://r.test', 'https://r.test/'],
    ['https://r.test//', 'https://r.test/'],
    [undefined, undefined],
  ])('ends %s in one slash', (registry, wanted) => {
    expect(registryFor('x', { registry } as never)).toBe(wanted);
  });

  it('reads a long run of slashes once', () => {
    const registry = `https://r.test/${'/'.repeat(1_000_000)}x`;
    expect(registryFor('x', { registry } as never)).toBe(`${registry}/`);
  });
});
