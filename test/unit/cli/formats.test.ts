import { describe, expect, it } from 'vitest';
import type { Format } from '@tarwarden/core';
import { formatOf } from '@tarwarden/core/formats';
import { FORMATS } from '../../../packages/cli/src/commands/common-options.ts';
import { formats } from '../../../packages/core/src/formats/index.ts';

describe('the formats that the command line offers', () => {
  it('are those of the core', () => {
    const offered: readonly Format[] = FORMATS;
    expect(offered.toSorted()).toEqual(formats.map(({ id }) => id).toSorted());
  });

  it.each(FORMATS)('%s is one', (id) => {
    expect(formatOf(id).id).toBe(id);
  });
});
