import { describe, expect, it } from 'vitest';
import { judgedModule } from '../../support/go/judged.ts';

const RULE = 'module-name-invalid';

describe('module-name-invalid', () => {
  it('rejects a version that is not canonical', () => {
    const verdict = judgedModule({ module: 'example.org/m@v1' }, {});
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'error', message: expect.stringContaining('"v1" is not a canonical version') },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('is silent about pseudo-versions', () => {
    const verdict = judgedModule(
      { module: 'example.org/Some/m/v2@v2.0.0-20200101000000-0123456789ab' },
      {},
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
