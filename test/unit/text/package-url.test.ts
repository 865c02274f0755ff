import { describe, expect, it } from 'vitest';
import { packageUrl } from '../../../packages/core/src/text/package-url.ts';

describe('packageUrl', () => {
  it.each([
    ['npm', '@scope/a', '1.0.0', 'pkg:npm/%40scope/a@1.0.0'],
    ['golang', 'example.com/a/b', 'v1.0.0+c', 'pkg:golang/example.com/a/b@v1.0.0%2Bc'],
    ['npm', 'half-\uD800', '1\uDC00', 'pkg:npm/half-%EF%BF%BD@1%EF%BF%BD'],
  ])('%s %j %j', (type, name, version, url) => {
    expect(packageUrl(type, name, version)).toBe(url);
  });
});
