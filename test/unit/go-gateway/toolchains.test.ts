import { describe, expect, it } from 'vitest';
import {
  isAtLeast,
  neededVersion,
  parseGoVersion,
} from '../../../packages/go-gateway/src/toolchains.ts';

describe('versions of go', () => {
  it('are in the order of go', () => {
    const order = [
      '1.20',
      '1.21',
      '1.21rc1',
      '1.21rc2',
      '1.21.0',
      '1.21.1',
      '1.21.10',
      '1.22beta1',
    ];
    const versions = order.map((text) => parseGoVersion(text)!);
    for (const [at, version] of versions.entries()) {
      expect(versions.map((least) => isAtLeast(version, least))).toEqual(
        versions.map((_, index) => index <= at),
      );
    }
  });

  it.each(['', '1', 'go1.2', '1.2.3.4', '1.2.3-x', '1.2rc', '../1.2'])('are not %j', (text) => {
    expect(parseGoVersion(text)).toBeUndefined();
  });

  it('are named by go where it is too old', () => {
    const text = 'm@v1.0.0 requires go >= 1.25.1 (running go 1.24.4; GOTOOLCHAIN=local)';
    expect(neededVersion(text)).toBe('1.25.1');
    expect(neededVersion('unknown revision v1.0.0')).toBeUndefined();
  });
});
